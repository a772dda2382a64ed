// Owns the words in which a mistake in the settings is told, and that no secret is among them.
import type { Setting } from "./settings.ts";

/** A mistake in one setting. `held` is the raw text; `cure` says what is wrong with it and never repeats it. */
export interface Mistake {
  readonly setting: Setting<unknown>;
  readonly held?: string;
  readonly cure?: string;
  /** The variable that was really set, when it isn't the setting's own. */
  readonly misspelt?: string;
}

/** A name that isn't one of ours and may hold a secret all the same. */
const secretName = /TOKEN(?!_NAME$|_VALUE_FILE$)|PASS|SECRET|KEY(?!_PATH$|_FINGERPRINT$)/i;

const uuid = /[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}/gi;

// What JSON leaves as it is and a terminal doesn't: C1 controls, line separators, marks that change the direction.
const unprintable = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One line: variable, what it holds, what is wrong, what is allowed, an example. None of `secrets` is in it. */
export function sentence(mistake: Mistake, secrets: readonly string[]): string {
  const { name, kind, example } = mistake.setting;
  const cure = mistake.cure === undefined ? "" : `; ${mistake.cure}`;
  return `${found(mistake, secrets)}${cure}. Allowed: ${kind.allowed}. Example: ${name}=${example}`;
}

function found({ setting, held, misspelt }: Mistake, secrets: readonly string[]): string {
  const name = misspelt ?? setting.name;
  const variable = /^\w+$/.test(name) ? name : quote(name);
  if (held === undefined) return `${variable} is not set`;
  if (setting.secret || secretName.test(name)) return `${variable} holds a value that is not shown here`;
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret, "…"), held).replace(uuid, "…");
  return `${variable} holds ${quote(setting.kind.shown?.(masked) ?? masked)}`;
}

/** Quotes text for one line: control characters escaped, cut at 60 characters. */
function quote(text: string): string {
  const line = JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
  return line.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
