// Owns the reading of the skills' documents: heads, links, the workflows in their ```calls blocks, and what they quote.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");
export const skills = ["proxmox-mcp-tools", "proxmox-admin"] as const;

export interface Document {
  /** Path from the project's root. */
  readonly path: string;
  readonly text: string;
}

export const read = (path: string): Document => ({ path, text: readFileSync(join(root, path), "utf8") });

/** SKILL.md of a skill, and its references. */
export function documentsOf(skill: string): Document[] {
  const folder = `skills/${skill}/references`;
  const names = readdirSync(join(root, folder)).sort();
  return [read(`skills/${skill}/SKILL.md`), ...names.map((name) => read(`${folder}/${name}`))];
}

export const documents = (): readonly Document[] => skills.flatMap(documentsOf);

/** The head of a document, `name: value` a line or a `|` block, and the text below it. */
export function headOf({ path, text }: Document): { head: Readonly<Record<string, string>>; body: string } {
  const found = /^---\n(.*?)\n---\n(.*)$/s.exec(text);
  if (!found) throw new Error(`${path} has no head`);
  const [, lines = "", body = ""] = found;
  const head: Record<string, string> = {};
  for (const [, name = "", value = ""] of lines.matchAll(/^([\w-]+):[ \n](.*(?:\n {2}.*|\n(?=\n))*)/gm))
    head[name] = value.replace(/^\|\n/, "").replace(/^ {2}/gm, "").trim();
  return { head, body };
}

/** One call of a workflow, and what its answer has to say. */
export interface Step {
  readonly tool: string;
  readonly given: Readonly<Record<string, unknown>>;
  /** Pieces of the answer's text. */
  readonly says: readonly string[];
  /** The call has to be answered with an error. */
  readonly fails: boolean;
}

export interface Workflow {
  readonly title: string;
  readonly steps: readonly Step[];
}

/**
 * The workflows of a document: the calls below each heading. A call is a line `proxmox_x {"json"}`; `→ text` below it is a
 * piece of its answer, `❌ text` and `🚫 text` one of an answer that is an error. `…` stands for a word that changes, and
 * `→ $name = vmid: (…)` keeps what is in the brackets for `"$name"` in later calls.
 */
export function workflowsOf({ path, text }: Document): Workflow[] {
  return text.split(/^(?=#+ )/m).flatMap((section) => {
    const [title = ""] = section.split("\n", 1);
    const lines = [...section.matchAll(/^```calls\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
      block.trimEnd().split("\n"),
    );
    return lines.length > 0 ? [{ title: `${path} ${title}`, steps: stepsOf(lines) }] : [];
  });
}

function stepsOf(lines: readonly string[]): Step[] {
  const steps: Step[] = [];
  for (const line of lines) {
    const call = /^(proxmox_\w+) (\{.*\})$/.exec(line);
    const said = /^(→|❌|🚫) (.+)$/.exec(line);
    const last = steps.at(-1);
    if (call) steps.push({ tool: call[1] ?? "", given: JSON.parse(call[2] ?? ""), says: [], fails: false });
    else if (said && last)
      steps[steps.length - 1] = { ...last, says: [...last.says, said[2] ?? ""], fails: last.fails || said[1] !== "→" };
    else throw new Error(`neither a call nor what it says: ${line}`);
  }
  return steps;
}

/** The texts of PVE that a document quotes: in “ ” anywhere, and in the first column of a table headed `PVE says`. */
export function quotesOf({ text }: Document): string[] {
  const quoted = [...text.matchAll(/“([^”]+)”/g)].map(([, said = ""]) => said.replace(/\s+/g, " "));
  const tables = [...text.matchAll(/^\| PVE says .*\n\|[ -|]+\n((?:\|.*\n)+)/gm)].flatMap(([, rows = ""]) =>
    rows.trimEnd().split("\n"),
  );
  const cells = tables.flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)]);
  return [...quoted, ...cells.map(([, said = ""]) => said)];
}
