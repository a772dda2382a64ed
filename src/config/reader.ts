// Owns how a setting's text is taken from the environment and from files: what is trimmed, what is told.
import type { Mistake } from "./mistake.ts";
import type { Setting } from "./settings.ts";

/** An environment: process.env, or a plain object. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a whole file as UTF-8 text and throws as node:fs does. */
export type ReadFile = (path: string) => string;

/** Reads settings one after the other and gathers what is wrong with them. */
export interface Reader {
  readonly mistakes: readonly Mistake[];
  /** What a setting holds; undefined when it isn't set or wrong, and then the mistake is gathered. Ask once a setting. */
  given<T>(setting: Setting<T>): T | undefined;
  /** As `given`, with the setting's default when it isn't set. */
  value<T>(setting: Setting<T>): T | undefined;
  /** The text of the file that a setting names. */
  file(setting: Setting<string>): string | undefined;
  /** The text of systemd's credential of that name; undefined where there is none. */
  credential(name: string): string | undefined;
  /** The path that a setting holds, `~/` resolved. */
  path(setting: Setting<string>): string | undefined;
  /** The text as it stands in the environment; empty is not set. */
  raw(setting: Setting<unknown>): string | undefined;
  /** Gathers that a setting is wrong (or missing, where it isn't set). */
  mistake(setting: Setting<unknown>, cure?: string): void;
  /** Text that no mistake may repeat. */
  readonly secrets: readonly string[];
  /** Adds a text to `secrets`, and its longer pieces, since it may be a secret with something around it. */
  hide(text: string): void;
}

export function createReader(env: Environment, readFile: ReadFile): Reader {
  const mistakes: Mistake[] = [];
  const secrets: string[] = [];

  const raw = (setting: Setting<unknown>): string | undefined => {
    const text = variable(env, setting.name);
    return text === undefined || (setting.secret ? text : tidy(text)) === "" ? undefined : text;
  };

  const hide = (text: string): void => {
    const pieces = text.split(/[\s"'`=!:@/]+/).filter((piece) => piece.length > 7);
    const whole = [tidy(text), tidy(text.slice(text.indexOf("=") + 1))].filter((each) => each.length > 3);
    secrets.push(...whole, ...pieces);
  };

  const mistake = (setting: Setting<unknown>, cure?: string): void => {
    const held = raw(setting);
    mistakes.push({ setting, ...(held !== undefined && { held: tidy(held) }), ...(cure !== undefined && { cure }) });
  };

  const given = <T>(setting: Setting<T>): T | undefined => {
    const text = raw(setting);
    if (text === undefined) return undefined;
    const reading = setting.kind.read(setting.secret ? text : tidy(text));
    if ("value" in reading) return reading.value;
    mistake(setting, reading.cure);
    return undefined;
  };

  const value = <T>(setting: Setting<T>): T | undefined => {
    if (setting.default === undefined || raw(setting) !== undefined) return given(setting);
    const reading = setting.kind.read(setting.default);
    return "value" in reading ? reading.value : undefined;
  };

  const path = (setting: Setting<string>): string | undefined => {
    const text = given(setting);
    if (text === undefined || !text.startsWith("~/")) return text;
    const home = variable(env, "HOME");
    if (home) return home + text.slice(1);
    mistake(setting, "HOME is not set, so ~ has no meaning: write the whole path");
    return undefined;
  };

  const file = (setting: Setting<string>): string | undefined => {
    const name = path(setting);
    if (name === undefined) return undefined;
    try {
      return readFile(name);
    } catch (error) {
      mistake(setting, unreadable(error));
      return undefined;
    }
  };

  const credential = (name: string): string | undefined => {
    const folder = variable(env, "CREDENTIALS_DIRECTORY");
    if (!folder) return undefined;
    try {
      return readFile(`${folder}/${name}`);
    } catch {
      return undefined;
    }
  };

  return { mistakes, secrets, given, value, file, credential, path, raw, mistake, hide };
}

/** One variable; Deno throws for those that it was not allowed to give, and they count as not set. */
export function variable(env: Environment, name: string): string | undefined {
  try {
    return env[name];
  } catch {
    return undefined;
  }
}

/** Takes away the blanks and the pair of quotes that a shell or a settings file left around a value. */
function tidy(text: string): string {
  const trimmed = text.trim();
  const inner = /^(["'`])(.*)\1$|^“(.*)”$/s.exec(trimmed);
  return (inner?.[2] ?? inner?.[3] ?? trimmed).trim();
}

const reasons = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "this user may not read that file"],
  ["EPERM", "this user may not read that file"],
  ["EISDIR", "that is a folder"],
]);

function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof Error && error.name === "NotCapable")
    return "Deno may not read that file: allow it with --allow-read";
  return reasons.get(code) ?? "that file can't be read";
}
