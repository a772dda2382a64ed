// Owns the editing of a node's /etc/hosts: one entry is added or changed, and every other line stays as it is.
import type { Row } from "../toolkit/answer.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { wordsIn } from "./rows.ts";

interface HostEntry {
  readonly ip: string;
  readonly names: readonly string[];
  readonly comment?: string | undefined;
}

/**
 * The text with the entry in it. A line of that address that has one of the names takes the others in as well; a line of
 * another address of the same family loses the names, since the first line that has a name decides.
 */
export function withEntry(text: string, entry: HostEntry): string {
  const { ip, names, comment } = entry;
  const meets = (other: HostEntry | undefined) => other?.names.some((name) => names.includes(name)) === true;
  const lines = text.trimEnd().split("\n");
  const own = lines.findIndex((line) => parsed(line)?.ip === ip && meets(parsed(line)));
  const kept = lines.map((line, at) => {
    const there = parsed(line);
    if (!there || !meets(there) || there.ip.includes(":") !== ip.includes(":")) return line;
    const others = there.names.filter((name) => !names.includes(name));
    if (at === own) return written({ ip, names: [...others, ...names], comment: comment ?? there.comment });
    return others.length > 0 ? written({ ...there, names: others }) : undefined;
  });
  const emptied = kept.indexOf(undefined);
  const placed = own >= 0 ? kept : emptied < 0 ? [...kept, written(entry)] : kept.with(emptied, written(entry));
  return `${placed.filter((line) => line !== undefined).join("\n")}\n`;
}

/** What of the lines was taken out and what came in, as changes of an answer. */
export function changesOf(before: unknown, after: unknown): Row[] {
  const [old = [], now = []] = [before, after].map((text) =>
    String(text)
      .split("\n")
      .filter((line) => line !== ""),
  );
  const gone = old.filter((line) => !now.includes(line));
  const come = now.filter((line) => !old.includes(line));
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, at) => ({
    key: "line",
    old: gone[at],
    new: come[at],
  }));
}

/**
 * The entry that a call means.
 * @throws Refusal for a name or a comment that would be more than one entry
 */
export function entryOf({ ip, name, comment }: Readonly<Record<string, unknown>>): HostEntry {
  const names = wordsIn(name);
  const isHost = (one: string) => /^(?=.*[A-Za-z])[A-Za-z\d_](?:[\w.-]*\w)?$/.test(one);
  if (ip === undefined || names.length === 0)
    throw new Refusal("ip and name are required; data stands for the whole file");
  if (!names.every(isHost)) throw new Refusal(`name must be a host's name, or several (was ${JSON.stringify(name)})`);
  if (/[\n\r]/.test(String(comment))) throw new Refusal("comment must be one line");
  return { ip: String(ip), names, ...(comment === undefined ? {} : { comment: String(comment) }) };
}

function parsed(line: string): HostEntry | undefined {
  const [entry = "", ...comment] = line.split("#");
  const [ip, ...names] = wordsIn(entry);
  if (!ip || names.length === 0) return undefined;
  return { ip, names, comment: comment.length > 0 ? comment.join("#").trim() : undefined };
}

const written = ({ ip, names, comment }: HostEntry) => `${ip} ${names.join(" ")}${comment ? ` # ${comment}` : ""}`;
