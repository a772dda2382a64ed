// The size of a file that takes a VM's memory.
import type { Guest } from "../engine/state.ts";
import { maxMemory } from "./figures.ts";
import { mebibyte } from "./size.ts";

/** Bytes: the memory twice, and half a gigabyte for the devices. */
export function stateSize(guest: Guest): number {
  return maxMemory(guest) * 2 + 500 * mebibyte;
}
