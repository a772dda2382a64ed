// Owns the generated part of docs/migration.md: what failed or was answered wrongly in the seed project, and what is right here.
import { rowsOf } from "../parity-run/table.ts";
import { pageWith } from "./marks.ts";

/** An operation that failed (`failed`), answered falsely (`wrong`) or did only a part (`partly`) in the seed project. */
export interface Fault {
  readonly tool: string;
  readonly variant: string;
  readonly there: string;
  readonly here: string;
}

export const faults = (): Fault[] =>
  rowsOf("faults.tsv").map(([tool = "", variant = "", there = "", here = ""]) => ({ tool, variant, there, here }));

export function migrationDocument(): string {
  return pageWith("docs/migration.md", { faults: faultsText(faults()) });
}

/** Variants of a tool that have the same to say share a row. */
export function faultsText(all: readonly Fault[]): string {
  const rows = new Map<string, { first: Fault; variants: string[] }>();
  for (const fault of all) {
    const key = `${fault.tool} ${fault.there} ${fault.here}`;
    const row = rows.get(key) ?? { first: fault, variants: [] };
    rows.set(key, row);
    if (fault.variant !== "-") row.variants.push(fault.variant.replace(/^(?:action|operation)=/, ""));
  }
  const count = (words: readonly string[]) => all.filter(({ there }) => words.includes(there)).length;
  const sum = `${all.length} operations: ${count(["failed"])} failed, ${count(["wrong"])} answered falsely, ${count(["partly"])} did only a part of what they say.`;
  const lines = [...rows.values()].map(({ first: { tool, there, here }, variants }) => {
    const named = variants.length > 0 ? `\`${tool}\` ${variants.join(", ")}` : `\`${tool}\``;
    return `| ${named} | ${there} | ${here} |`;
  });
  return [sum, "", "| Operation | There | Here |", "| --- | --- | --- |", ...lines].join("\n");
}
