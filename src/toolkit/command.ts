// Owns which commands may run in guests, and how a command becomes words. A guard against accidents and no boundary: a
// program that may run can do what it likes.
import { Refusal } from "./refusal.ts";

/** What a shell interprets, as in the seed; line breaks and other control characters aren't in a command either. */
const refused = ";&|`$(){}[]<>\\";

const longest = { safe: 1_000, unsafe: 4_000 } as const;

/** A command as a call gives it. */
export interface GivenCommand {
  readonly command: string;
  /** Its arguments, each a word of its own. */
  readonly args?: readonly string[];
}

/**
 * The words to run, none of which a shell reads: a command alone is split at blanks, quotes keep them together.
 * @throws Refusal that names the character and its place
 */
export function wordsOf({ command, args }: GivenCommand, unsafe: boolean): string[] {
  check("command", command, unsafe);
  for (const [place, word] of (args ?? []).entries()) check(`args[${place}]`, word, unsafe);
  const length = [command, ...(args ?? [])].join(" ").length;
  const most = unsafe ? longest.unsafe : longest.safe;
  if (length > most)
    throw new Refusal(`command and args have ${length} characters, ${most} are allowed${unsafe ? "" : lift}`);
  if (args) return [command, ...args];
  const words = split(command);
  if (words.length === 0) throw new Refusal("command is empty");
  return words;
}

const lift = " (PROXMOX_ALLOW_UNSAFE_COMMANDS=true allows 4000, and all characters)";

/** The same for `/bin/sh -c`: the whole string to the shell. Checked likewise, unless the operator has lifted the check. */
export function shellWordsOf({ command, args }: GivenCommand, unsafe: boolean): string[] {
  const words = wordsOf({ command, ...(args ? { args } : {}) }, unsafe);
  return args ? words : ["/bin/sh", "-c", command];
}

function check(argument: string, text: string, unsafe: boolean): void {
  if (text.includes("\0")) throw new Refusal(`${argument} holds a NUL character at place ${text.indexOf("\0") + 1}`);
  if (unsafe) return;
  for (const [place, character] of [...text].entries()) {
    const code = character.codePointAt(0) ?? 0;
    if (
      !refused.includes(character) &&
      code >= 0x20 &&
      !(code >= 0x7f && code < 0xa0) &&
      code !== 0x2028 &&
      code !== 0x2029
    )
      continue;
    const shown = code < 0x20 || code > 0x7e ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : character;
    throw new Refusal(
      `${argument} holds ${shown} at place ${place + 1}: not allowed are ${[...refused].join(" ")} and control characters; ` +
        "the operator can lift this with PROXMOX_ALLOW_UNSAFE_COMMANDS=true",
    );
  }
}

/** Words as a shell splits them: blanks between them, '…' and "…" keep blanks, a backslash keeps the next character. */
function split(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < command.length; at++) {
    const character = command[at] ?? "";
    if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (character === quote) quote = "";
    else if (character === "\\" && quote !== "'" && at + 1 < command.length)
      word = (word ?? "") + (command[++at] ?? "");
    else word = (word ?? "") + character;
  }
  if (quote !== "") throw new Refusal(`command has a ${quote} that isn't closed`);
  return word === undefined ? words : [...words, word];
}
