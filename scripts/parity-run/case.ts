// Owns what the run has to know of an operation beyond its arguments: what stands there before, and what there is afterwards.
import type { EndpointKey } from "../../src/schema/registry.ts";
import type { Line } from "./table.ts";

export type Values = Readonly<Record<string, unknown>>;

/**
 * A step is `METHOD /path name=value …` (values percent-encoded), an effect `GET /path has name=value …` or `… lacks …`.
 * In both, `{name}` stands for an argument of the call. A value `@GET /path name` is read from the cluster right before.
 */
export interface Case {
  /** Values of arguments, where those of values.ts don't do. */
  readonly given?: Values;
  /** What has to exist before. */
  readonly before?: readonly string[];
  /** Further options of the embedded cluster. */
  readonly start?: readonly string[];
  /** Nodes can be reached over SSH. */
  readonly ssh?: true;
  /** What PVE requires and the seed's users may leave out: without it the answer names it and nothing is sent. */
  readonly needs?: Values;
  /** What is given beside the required arguments so that there is something to change. */
  readonly with?: Values;
  /** Optional arguments that can't stand beside all others: each has a call of its own, with these values. */
  readonly apart?: Readonly<Record<string, Values>>;
  /** Optional arguments that are answered with what to use instead, beside those that the tool's own table names. */
  readonly refused?: readonly string[];
  /** What is read back after the call. */
  readonly effect?: readonly string[];
  /** The same for one call alone, by its name: `required`, `every`, or the argument that stands apart. */
  readonly effects?: Readonly<Record<string, readonly string[]>>;
  /** Why nothing can be read back of an operation that isn't a reading. */
  readonly traceless?: string;
  /** Where the table's endpoint isn't the one to look for, and why. */
  readonly reaches?: { readonly endpoints: readonly EndpointKey[]; readonly because: string };
  /** The same for one call alone. */
  readonly elsewhere?: Readonly<Record<string, readonly EndpointKey[]>>;
  /** What the answer's text has to hold. */
  readonly says?: RegExp;
  /** The operation ends in this error whatever is given, because PVE lets no token do it or has nothing of the kind. */
  readonly ends?: RegExp;
  /** The same for one call alone, as where PVE lets only root@pam set an option. */
  readonly endings?: Readonly<Record<string, RegExp>>;
  /** The same line again under other circumstances, by what they are. */
  readonly further?: Readonly<Record<string, Case>>;
}

/** Cases by tool (all of its variants) and by label, the latter over the former. */
export type Cases = Readonly<Record<string, Case>>;

export function caseOf(cases: Cases, { tool, label }: Line): Case {
  const [usual = {}, own = {}] = [cases[tool], tool === label ? undefined : cases[label]];
  return { ...usual, ...own, given: { ...usual.given, ...own.given } };
}
