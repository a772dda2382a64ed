// Programs run through the guest agent: the handful that a demo or a test runs; the rest isn't found.
import type { Guest, Inside } from "../engine/state.ts";
import { guestName } from "./figures.ts";

export interface Finished {
  exitcode: number;
  out: string;
  err: string;
  /** How long it runs; at once unless told. */
  ms?: number;
}

const done = (out: string): Finished => ({ exitcode: 0, out, err: "" });

/** Runs a command given word by word; undefined for a program that isn't there. `sh -c` takes its text apart at blanks. */
export function runProgram(
  guest: Guest,
  inside: Inside,
  command: readonly string[],
  input: string,
): Finished | undefined {
  const [path = "", ...words] = command;
  const program = path.split("/").pop() ?? "";
  switch (program) {
    case "echo":
      return done(`${words.join(" ")}\n`);
    case "cat":
      return words.length === 0 ? done(input) : readFiles(guest, inside, words);
    case "ls":
      return list(guest, inside, words.find((word) => !word.startsWith("-")) ?? "/");
    case "id":
      return done("uid=0(root) gid=0(root) groups=0(root)\n");
    case "hostname":
      return done(`${guestName(guest)}\n`);
    case "uname":
      return done(words.includes("-r") ? "6.12.48+deb13-amd64\n" : "Linux\n");
    case "whoami":
      return done("root\n");
    case "sleep":
      return { ...done(""), ms: Number(words[0] ?? 0) * 1000 };
    case "true":
      return done("");
    case "false":
      return { exitcode: 1, out: "", err: "" };
    case "sh":
    case "bash":
      return words[0] === "-c" ? runShell(guest, inside, words[1] ?? "", input) : done("");
    default:
      return undefined;
  }
}

function runShell(guest: Guest, inside: Inside, text: string, input: string): Finished {
  const total: Finished = { ...done(""), ms: 0 };
  for (const part of text.split(";")) {
    const words = part.trim().split(/\s+/);
    if (words[0] === "exit") return { ...total, exitcode: Number(words[1] ?? total.exitcode) };
    const toError = words.includes(">&2") || words.includes("1>&2");
    const command = words
      .filter((word) => !/^[12]?>&[12]$/.test(word))
      .map((word) => word.replaceAll(/^["']|["']$/g, ""));
    const missing = { exitcode: 127, out: "", err: `sh: 1: ${command[0]}: not found\n` };
    const one: Finished = runProgram(guest, inside, command, input) ?? missing;
    total.exitcode = one.exitcode;
    total.out += toError ? "" : one.out;
    total.err += one.err + (toError ? one.out : "");
    total.ms = (total.ms ?? 0) + (one.ms ?? 0);
  }
  return total;
}

/** The little file tree of every guest, and what was written there since. */
export function filesIn(guest: Guest, inside: Inside): Record<string, string> {
  return {
    "/etc/hostname": `${guestName(guest)}\n`,
    "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n',
    "/root/notes.txt": "This guest is part of a demo.\n",
    ...inside.files,
  };
}

/** The names in a folder: its files, and the first step to those below. */
function list(guest: Guest, inside: Inside, folder: string): Finished {
  const within = folder.endsWith("/") ? folder : `${folder}/`;
  const all = Object.keys(filesIn(guest, inside));
  if (all.includes(folder)) return done(`${folder}\n`);
  const names = all.filter((name) => name.startsWith(within)).map((name) => name.slice(within.length).split("/")[0]);
  if (names.length > 0) return done(`${[...new Set(names)].sort().join("\n")}\n`);
  return { exitcode: 2, out: "", err: `ls: cannot access '${folder}': No such file or directory\n` };
}

function readFiles(guest: Guest, inside: Inside, names: readonly string[]): Finished {
  const known = filesIn(guest, inside);
  const missing = names.find((name) => known[name] === undefined);
  if (missing !== undefined) return { exitcode: 1, out: "", err: `cat: ${missing}: No such file or directory\n` };
  return done(names.map((name) => known[name]).join(""));
}
