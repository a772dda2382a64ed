// Owns what the tests of requests have to know of an operation beyond its arguments: a domain a file beside this one.
import type { Sent } from "../../toolkit/stand-in.ts";

export interface Cases {
  /** What the stand-in for PVE answers; undefined: not this domain's. Thrown text is PVE's refusal (500). */
  readonly answer?: (sent: Sent) => unknown;
  /** `tool argument` or `tool action argument` → arguments that have to come with it (argument `*`: with every call, `* smtp`: at one fork). */
  readonly companions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** `tool argument`: can't stand beside the others, and is left out where all come together. */
  readonly apart?: readonly string[];
  /** `tool action argument` or `tool argument`, then `qemu` or `lxc` where they differ → a value that the stand-in knows, or that is a better example than the format's. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** `tool argument` → the only kind of guest that has it, or the only fork (segment of the path). */
  readonly only?: Readonly<Record<string, string>>;
  /** `tool action`: sends nothing of its own endpoint from these arguments, and why (its own test shows what it does). */
  readonly elsewhere?: Readonly<Record<string, string>>;
}
