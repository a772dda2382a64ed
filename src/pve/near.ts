// Owns which guests' names are near to one that isn't there.
import { nearest } from "../schema/nearest.ts";

/** How many names are worth showing. */
const SHOWN = 5;

/** The names that are near to `ref`: those a few letters away, nearest first, then those that have it in them. */
export function nearNames(ref: string, names: readonly string[]): string[] {
  const left = new Set(names);
  const near: string[] = [];
  for (let name = nearest(ref, left); name !== undefined && near.length < SHOWN; name = nearest(ref, left)) {
    near.push(name);
    left.delete(name);
  }
  const wanted = ref.toLowerCase();
  const holding = wanted.length < 2 ? [] : [...left].filter((name) => name.toLowerCase().includes(wanted)).sort();
  return [...near, ...holding].slice(0, SHOWN);
}
