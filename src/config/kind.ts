// Owns the kinds of values a setting can hold: what is allowed, and how text becomes a value.

/** A value, or that there is none, with what to do about it when that is known (a clause that never repeats the text read). */
export type Reading<T> = { readonly value: T } | { readonly cure?: string };

/** A kind of value: `allowed` is the phrase for people, `shown` hides what a mistake must not repeat. */
export interface Kind<T> {
  readonly allowed: string;
  read(text: string): Reading<T>;
  readonly shown?: (text: string) => string;
}

const truth = new Map([
  ...["true", "1", "yes", "on"].map((word) => [word, true] as const),
  ...["false", "0", "no", "off"].map((word) => [word, false] as const),
]);

export const boolean: Kind<boolean> = {
  allowed: "true, 1, yes or on; false, 0, no or off",
  read(text): Reading<boolean> {
    const value = truth.get(text.toLowerCase());
    return value === undefined ? {} : { value };
  },
};

/** One word of a list, in any case. */
export function choice<Word extends string>(...words: readonly Word[]): Kind<Word> {
  return {
    allowed: `one of ${words.join(", ")}`,
    read(text): Reading<Word> {
      const value = words.find((word) => word === text.toLowerCase());
      return value === undefined ? {} : { value };
    },
  };
}

/** Some words of a list, between commas, in any case and order; each is kept once, in the list's order. */
export function some<Word extends string>(...words: readonly Word[]): Kind<readonly Word[]> {
  return {
    allowed: `some of ${words.join(", ")}, with commas between them`,
    read(text): Reading<readonly Word[]> {
      const given = text
        .toLowerCase()
        .split(",")
        .map((word) => word.trim())
        .filter((word) => word !== "");
      const known = given.every((word) => words.some((allowed) => allowed === word));
      return known ? { value: words.filter((word) => given.includes(word)) } : {};
    },
  };
}

/** Names of tools between commas, with or without `proxmox_` before them; each is kept once. */
export const toolNames: Kind<readonly string[]> = {
  allowed: "names of tools such as proxmox_guest_list, with commas between them",
  read(text): Reading<readonly string[]> {
    const given = text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((word) => word !== "");
    if (given.length === 0 || given.some((word) => !/^[a-z0-9_]+$/.test(word))) return {};
    return { value: [...new Set(given.map((word) => (word.startsWith("proxmox_") ? word : `proxmox_${word}`)))] };
  },
};

/** The path of a file; `~/` at its beginning is the home folder and is resolved where the file is read. */
export function path(what: string): Kind<string> {
  return {
    allowed: `the path of ${what}`,
    read: (text): Reading<string> =>
      text.includes("-----BEGIN") ? { cure: "give the file's path, not what is in it" } : { value: text },
    shown: (text) => (text.includes("-----BEGIN") ? "-----BEGIN …" : text),
  };
}

const nodeLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export const nodeName: Kind<string> = {
  allowed: "the name of a node, as the cluster shows it",
  read: (text): Reading<string> => (nodeLabel.test(text) ? { value: text } : {}),
};

/** A text as it is, such as a passphrase. */
export const anyText: Kind<string> = {
  allowed: "text",
  read: (value): Reading<string> => ({ value }),
  shown: () => "…",
};

export const loginName: Kind<string> = {
  allowed: "a login name on the host",
  read: (text): Reading<string> => (/^[^\s:/-][^\s:/]{0,63}$/.test(text) ? { value: text } : {}),
  shown: (text) => text.replace(/[:=].*$/s, ":…"),
};

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Kind<number> {
  return {
    allowed: `a whole number from ${least} to ${most}`,
    read(text): Reading<number> {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
      return value >= least && value <= most ? { value } : {};
    },
  };
}
