// Lists whose entries are named by their position, as firewall rules: it shifts with every insertion and removal (facts 39).
import { failure } from "./error.ts";
import { digestOf } from "./guest-config.ts";

export type Entry = Record<string, string>;

export function listDigest(list: readonly Entry[]): string {
  const text = list.map((entry) =>
    Object.keys(entry)
      .sort()
      .map((name) => `${name}=${entry[name]}`)
      .join(" "),
  );
  return digestOf(text.map((line) => `${line}\n`).join(""));
}

export function entryAt(list: readonly Entry[], position: number): Entry {
  const entry = list[position];
  if (entry === undefined) throw failure(`no rule at position ${position}`);
  return entry;
}

/** The entry comes to stand before the one that is at the new position now. */
export function moveEntry(list: Entry[], from: number, to: number): void {
  const entry = entryAt(list, from);
  const others = list.flatMap((other, index) => {
    if (index === from) return [];
    return index === to ? [entry, other] : [other];
  });
  if (!others.includes(entry)) others.push(entry);
  list.splice(0, list.length, ...others);
}

export function removeEntry(list: Entry[], position: number): void {
  entryAt(list, position);
  list.splice(position, 1);
}
