// Owns the command `tools`: what a client would list.
import type { Context } from "./command.ts";

/** Prints names and titles, or with --json the listing as clients receive it. */
export async function run(context: Context): Promise<number> {
  const { toolsFor } = await import("./served.ts");
  const { listing } = await toolsFor(context, false);
  if (context.options.json === true) {
    context.stdout.write(`${JSON.stringify(listing, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...listing.map(({ name }) => name.length));
  for (const { name, title, description } of listing) {
    context.stdout.write(`${name.padEnd(width)}  ${title}${description.includes("🔒") ? " 🔒" : ""}\n`);
  }
  return 0;
}
