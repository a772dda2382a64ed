// Owns how the token's settings become one credential, and what counts as a contradiction between them.
import type { Reader } from "./reader.ts";
import { Secret } from "./secret.ts";
import { type Setting, settings } from "./settings.ts";
import type { TokenParts } from "./token.ts";

/** An API token: `user@realm`, its name, and the value of the Authorization header. */
export interface Credentials {
  readonly user: string;
  readonly tokenName: string;
  readonly authorization: Secret;
}

/** The names under which systemd may hand the token's value over (LoadCredential=, SetCredential=). */
const tokenCredentials = ["PROXMOX_TOKEN_VALUE", "proxmox-token-value", "token"] as const;

interface Claim {
  readonly setting: Setting<unknown>;
  readonly parts: TokenParts;
}

/** Puts the token together from all places that may hold a part of it; undefined when the reader gathered why not. */
export function readCredentials(reader: Reader): Credentials | undefined {
  hideRaw(reader);
  const claims: Claim[] = [];
  const claim = (setting: Setting<unknown>, parts: TokenParts | undefined): void => {
    if (parts !== undefined) claims.push({ setting, parts });
  };
  claim(settings.user, reader.given(settings.user));
  claim(settings.tokenName, reader.given(settings.tokenName));
  claim(settings.tokenValue, reader.given(settings.tokenValue));
  const fileText = reader.file(settings.tokenValueFile)?.trim();
  claim(settings.tokenValueFile, fromFile(reader, fileText, "the file"));
  const credential = credentialOf(reader);
  claim(settings.tokenValue, fromFile(reader, credential, "systemd's credential"));

  const user = agreed(reader, claims, "user", "names another user than");
  const name = agreed(reader, claims, "name", "names another token than");
  const value = agreed(reader, claims, "value", "holds another token value than");
  const given = (setting: Setting<unknown>): boolean => reader.raw(setting) !== undefined;
  // Whoever gave the whole user@realm!name=value, wrong or unreadable as it is, doesn't miss the name.
  const whole =
    [reader.raw(settings.tokenValue), credential].some((text) => text?.includes("!")) ||
    (fileText?.includes("!") ?? given(settings.tokenValueFile));
  if (name === undefined && !given(settings.tokenName) && !whole) reader.mistake(settings.tokenName);
  if (value === undefined && ![settings.tokenValue, settings.tokenValueFile].some(given) && credential === undefined) {
    reader.mistake(settings.tokenValue);
  }

  if (name === undefined || value === undefined) return undefined;
  const owner = user ?? settings.user.default ?? "";
  return { user: owner, tokenName: name, authorization: new Secret(`PVEAPIToken=${owner}!${name}=${value}`) };
}

/** Whether anything of a token is told at all, right or wrong. */
export function namesToken(reader: Reader): boolean {
  const told = [settings.tokenName, settings.tokenValue, settings.tokenValueFile];
  return told.some((setting) => reader.raw(setting) !== undefined) || credentialOf(reader) !== undefined;
}

function credentialOf(reader: Reader): string | undefined {
  return tokenCredentials.map((name) => reader.credential(name)?.trim()).find((text) => text !== undefined);
}

/** Hides what is a secret in the raw texts: the value's setting whole, and what follows an = in the others. */
function hideRaw(reader: Reader): void {
  reader.hide(reader.raw(settings.tokenValue) ?? "");
  for (const each of [settings.user, settings.tokenName]) {
    const [, ...secret] = reader.raw(each)?.split("=") ?? [];
    reader.hide(secret.join("="));
  }
}

function fromFile(reader: Reader, text: string | undefined, place: string): TokenParts | undefined {
  if (text === undefined) return undefined;
  reader.hide(text);
  const reading = text === "" ? { cure: `${place} is empty` } : settings.tokenValue.kind.read(text);
  if ("value" in reading) return reading.value;
  reader.mistake(settings.tokenValueFile, `in ${place}: ${reading.cure ?? "no token value"}`);
  return undefined;
}

/** The one value that all claims on a part have in common; each claim that differs from the first is a mistake. */
function agreed(reader: Reader, claims: readonly Claim[], part: keyof TokenParts, differs: string): string | undefined {
  const [first, ...others] = claims.filter(({ parts }) => parts[part] !== undefined);
  for (const { setting, parts } of others) {
    if (parts[part] !== first?.parts[part]) reader.mistake(setting, `it ${differs} ${first?.setting.name}`);
  }
  return first?.parts[part];
}
