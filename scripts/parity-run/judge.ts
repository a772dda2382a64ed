// Owns the verdict on one call: what it reached, what was refused, what it answered, what there is afterwards.
import type { Call } from "./calls.ts";
import type { Case } from "./case.ts";
import type { Said } from "./client.ts";
import type { Line } from "./table.ts";
import type { Passed } from "./wire.ts";

export interface Verdict {
  readonly call: string;
  /** Endpoints of the table that the call didn't reach. */
  readonly unreached: readonly string[];
  /** Requests that PVE refused as such: 400, 501. */
  readonly refused: readonly string[];
  /** What is wrong with the answer. */
  readonly faults: readonly string[];
  /** What isn't there afterwards. */
  readonly without: readonly string[];
}

export const isGood = ({ unreached, refused, faults, without }: Verdict): boolean =>
  unreached.length + refused.length + faults.length + without.length === 0;

const nothings = /\bundefined\b|\bNaN\b|\bN\/A\b|\[object Object\]/;

export function judge(
  line: Line,
  known: Case,
  call: Call,
  said: Said,
  passed: readonly Passed[],
): Omit<Verdict, "without"> {
  const ending = known.endings?.[call.name] ?? known.ends;
  const refused = passed
    .filter((one) => isRefused(one, passed) && !ending?.test(one.text))
    .map(({ method, path, text }) => `${method} ${path}: ${text.slice(0, 300)}`);
  const bare = { call: call.name, unreached: [], refused };
  if (call.refuses) return { ...bare, faults: refusalFaults(call.refuses, said, passed) };
  if (call.isBare)
    return { ...bare, faults: said.isError && !ending?.test(said.text) ? refusalFaults([], said, passed) : [] };
  const reached = passed.map(({ endpoint }) => endpoint);
  const wanted = known.elsewhere?.[call.name] ?? known.reaches?.endpoints ?? line.endpoints;
  const unknown = passed.filter(({ endpoint }) => endpoint === undefined);
  return {
    call: call.name,
    unreached: wanted.filter((key) => !reached.includes(key)),
    refused: [...refused, ...unknown.map(({ method, path }) => `${method} ${path}: no such endpoint`)],
    faults: answerFaults(ending, known.says, said),
  };
}

/** PVE says 400 or 501; a look at what this very call has deleted is no request that it refuses. */
function isRefused({ status, method, path }: Passed, passed: readonly Passed[]): boolean {
  const isGone = passed.some((one) => one.method === "DELETE" && one.status === 200 && one.path === path);
  return (status === 400 || status === 501) && !(method === "GET" && isGone);
}

function answerFaults(ends: RegExp | undefined, says: RegExp | undefined, said: Said): string[] {
  const { text, isError, structured } = said;
  const faults: string[] = [];
  if (ends ? !isError || !ends.test(text) : isError) faults.push(text.slice(0, 500));
  else if (says && !says.test(text)) faults.push(`says nothing of ${says}: ${text.slice(0, 300)}`);
  const nothing = nothings.exec(text)?.[0];
  if (nothing) faults.push(`reads ${nothing}: ${text.slice(0, 300)}`);
  if (!isError && (typeof structured !== "object" || structured === null)) faults.push("has no structured content");
  return faults;
}

/** A refusal names what is wrong, and is made before anything is changed. */
function refusalFaults(names: readonly string[], { text, isError }: Said, passed: readonly Passed[]): string[] {
  const faults: string[] = [];
  if (!isError) faults.push(`isn't refused: ${text.slice(0, 300)}`);
  const isNamed = names.length === 0 || names.some((name) => text.includes(name));
  if (!isNamed) faults.push(`names none of ${names.join(", ")}: ${text.slice(0, 300)}`);
  const writes = passed.filter(({ method }) => method !== "GET");
  return [...faults, ...writes.map(({ method, path }) => `sent ${method} ${path}`)];
}
