// Owns how an API token is written in settings: user@realm, token name, value, or all of them in one.
import type { Kind, Reading } from "./kind.ts";

/** The parts of an API token that one setting gives. */
export interface TokenParts {
  readonly user?: string;
  readonly name?: string;
  readonly value?: string;
}

// PVE's own rules for user ids and token ids, narrowed to what a header can carry.
const userId = /^[!-~]+@[a-z][a-z0-9._-]+$/i;
const tokenId = /^[a-z][a-z0-9._-]+$/i;

/** PVE's token values are UUIDs. */
const valueLike = /^[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i;

const withoutHeader = (text: string): string => text.replace(/^PVEAPIToken=/i, "");

/** Cuts `user@realm!name=value` at its first ! and its first =; what isn't there is absent. */
function cut(text: string): { before: string; name?: string; value?: string } {
  const whole = /^([^!=]*)(?:!([^=]*))?(?:=(.*))?$/s.exec(withoutHeader(text));
  return {
    before: whole?.[1] ?? "",
    ...(whole?.[2] !== undefined && { name: whole[2] }),
    ...(whole?.[3] !== undefined && { value: whole[3] }),
  };
}

function check(parts: TokenParts): Reading<TokenParts> {
  if (parts.user !== undefined) {
    if (!parts.user.includes("@")) return { cure: "the realm is missing: write root@pam, not root" };
    if (parts.user.length > 64 || /[:/]/.test(parts.user) || !userId.test(parts.user)) {
      return { cure: "the user is name@realm, without blanks, colons and slashes" };
    }
  }
  if (parts.name !== undefined && valueLike.test(parts.name)) {
    return { cure: "this is what a token's value looks like: name and value may be swapped" };
  }
  if (parts.name !== undefined && !tokenId.test(parts.name)) {
    return { cure: "the token's name has two or more letters, digits, dots, hyphens and underscores, a letter first" };
  }
  if (parts.value !== undefined) {
    const cure = secretCure(parts.value);
    if (cure !== undefined) return { cure };
  }
  return { value: parts };
}

/** What is wrong with a secret, told without a character of it; undefined when nothing is. */
function secretCure(text: string): string | undefined {
  if (text.trim() === "") return "there is nothing but blanks in it";
  if (text.trim() !== text) return "a blank or a line break stands at its begin or end: take it away";
  if (/^["'`]|["'`]$/.test(text)) return "quotes stand around it: take them away";
  if (/^\$\{?[\w:.-]+\}?$|^\$\(.*\)$|^<.*>$|^%\w+%$/.test(text)) return "a placeholder stands where the value belongs";
  if (/\s/.test(text)) return "there is a blank or a line break in it";
  if (!/^[!-~]+$/.test(text)) return "there are other characters in it than a token has";
  return undefined;
}

// What follows = or : may be the secret.
const shown = (text: string): string => text.replace(/[=:].*$/s, (rest) => `${rest[0]}…`);

export const user: Kind<TokenParts> = {
  allowed: "name@realm",
  read(text) {
    const { before, ...token } = cut(text);
    return check({ user: before, ...token });
  },
  shown: (text) => shown(withoutHeader(text)),
};

export const tokenName: Kind<TokenParts> = {
  allowed: "the token's name alone, or user@realm!name",
  read(text) {
    const { before, name, value } = cut(text);
    const given = value === undefined ? {} : { value };
    return check(name === undefined ? { name: before, ...given } : { user: before, name, ...given });
  },
  shown: (text) => shown(withoutHeader(text)),
};

export const tokenValue: Kind<TokenParts> = {
  allowed: "the value that PVE showed when the token was made (a UUID), or the whole user@realm!name=value",
  read(text) {
    const cure = secretCure(text);
    if (cure !== undefined) return { cure };
    const { before, name, value } = cut(text);
    if (name !== undefined && value !== undefined) return check({ user: before, name, value });
    if (/[!=]/.test(withoutHeader(text)))
      return { cure: "it is neither a value alone nor the whole user@realm!name=value" };
    return check({ value: withoutHeader(text) });
  },
};
