// Writes tests/schema/recorded.gen.jsonl and config-values.gen.json: requests and config values of recorded exchanges
// with a real PVE, in the tests' own form: an endpoint, its arguments, 200 or what PVE said of each argument.
// node_modules/.bin/bun scripts/registry-recorded.ts (reads ../shared/pve-recorded)
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { propertyString } from "../src/schema/property-string.ts";
import { endpoint, parameterOf } from "../src/schema/registry.ts";
import { isSecret } from "../src/schema/secret.ts";
import { type Exchange, readRecorded } from "../tests/schema/recorded.ts";

const TESTS = join(import.meta.dirname, "../tests/schema");
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;

/** An argument without what is nobody's business; lengths stay, since PVE judges them. */
function masked(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (isSecret(name) && !/^[\s-]|[^\x20-\x7e]|!!/.test(value)) return "s".repeat(value.length);
  return value.replace(UUID, "00000000-0000-4000-8000-000000000000");
}

function lineOf({ key, given, status, errors }: Exchange): string {
  const args = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, masked(name, value)]));
  const said = Object.entries(errors).map(([name, text]) => [
    name,
    text.replace(/^property is not defined.*/, "unknown"),
  ]);
  return JSON.stringify({ key, given: args, status, ...(status === 400 ? { errors: Object.fromEntries(said) } : {}) });
}

/** One exchange of those that say the same: a 200 by its endpoint and names, a 400 by what PVE said of which kind. */
function sameness({ key, given, status, errors }: Exchange): string {
  if (status === 200) return `${key} 200 ${Object.keys(given).sort().join()}`;
  const complaints = Object.entries(errors).filter(([, text]) => !text.startsWith("property is not defined"));
  if (complaints.length === 0) return `${key} unknown`;
  const of = endpoint(key);
  return JSON.stringify(complaints.map(([name, text]) => [parameterOf(of, name)?.definition, text, given[name]]));
}

/** Long values stand in a test of their own. */
function isShort({ given }: Exchange): boolean {
  return Object.values(given).every((value) => String(value).length <= 300);
}

const exchanges = await readRecorded();
const chosen = new Map(exchanges.filter(isShort).map((exchange) => [sameness(exchange), lineOf(exchange)]));
await writeFile(join(TESTS, "recorded.gen.jsonl"), `${[...chosen.values()].sort().join("\n")}\n`);

const values = new Set<string>();
for (const { key, status, body } of exchanges) {
  if (
    status !== 200 ||
    !/^GET .*\/(?:qemu|lxc)\/\{vmid\}\/config$/.test(key) ||
    typeof body !== "object" ||
    body === null
  )
    continue;
  const config = endpoint(
    key.includes("/qemu/") ? "PUT /nodes/{node}/qemu/{vmid}/config" : "PUT /nodes/{node}/lxc/{vmid}/config",
  );
  for (const [name, value] of Object.entries(body)) {
    const definition = parameterOf(config, name)?.definition;
    if (definition === undefined || propertyString(definition) === undefined) continue;
    values.add(JSON.stringify([definition, String(value).replace(UUID, "00000000-0000-4000-8000-000000000000")]));
  }
}
await writeFile(join(TESTS, "config-values.gen.json"), `[\n${[...values].sort().join(",\n")}\n]\n`);
process.stdout.write(`${chosen.size} requests of ${exchanges.length}, ${values.size} config values\n`);
