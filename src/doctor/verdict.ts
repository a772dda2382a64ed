// Owns what a token's privileges come to: which operations PVE refuses, answers in part, or leaves empty.
import type { Version } from "../schema/registry.ts";
import type { Operation } from "../toolkit/operation.ts";
import { type Choice, needsOf, type Want, type Way } from "./needs.ts";

/** Path → privilege → whether it holds below too. Source: GET /access/permissions. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An operation under the name that people know: `proxmox_node list`. */
export interface Named {
  readonly name: string;
  readonly operation: Operation;
}

/**
 * - allowed; partly: on some guests, storages or nodes alone
 * - refused: PVE says 403; blind: it answers, and shows nothing
 * - root: no token may; absent: this release doesn't have it
 */
export type Verdict = "allowed" | "partly" | "refused" | "blind" | "root" | "absent";

export interface Judged extends Named {
  readonly verdict: Verdict;
}

export function judge(named: Named, permissions: Permissions, release: Version): Judged {
  const needs = needsOf(named.operation, release);
  if (typeof needs === "string") return { ...named, verdict: needs };
  const found = needs.map((choice) => ({ choice, holds: holdsAny(choice, permissions) }));
  const isAnswered = found.every(({ choice, holds }) => choice.for === "sight" || holds !== "no");
  if (!isAnswered) return { ...named, verdict: "refused" };
  if (found.some(({ holds }) => holds === "no")) return { ...named, verdict: "blind" };
  return { ...named, verdict: found.some(({ holds }) => holds === "somewhere") ? "partly" : "allowed" };
}

/** Every choice of some operations, as far as a token can have what they need. */
export function choicesOf(operations: readonly Named[], release: Version): Choice[] {
  return operations.flatMap(({ operation }) => {
    const needs = needsOf(operation, release);
    return typeof needs === "string" ? [] : needs;
  });
}

type Holds = "yes" | "somewhere" | "no";

function holdsAny({ ways }: Choice, permissions: Permissions): Holds {
  const each = ways.map((way) => holdsAll(way, permissions));
  return each.find((one) => one === "yes") ?? each.find((one) => one === "somewhere") ?? "no";
}

function holdsAll(way: Way, permissions: Permissions): Holds {
  const each = way.map((want) => holdsOne(want, permissions));
  return each.find((one) => one === "no") ?? each.find((one) => one === "somewhere") ?? "yes";
}

function holdsOne({ root, privilege, exact }: Want, permissions: Permissions): Holds {
  const isBelow = (path: string) => path.startsWith(root === "/" ? "/" : `${root}/`);
  const own = permissions[root];
  const from = own ?? permissions[above(root, permissions)];
  const value = from?.[privilege];
  // what is inherited, and what is needed below, has to be handed down
  if (value !== undefined && ((exact && own !== undefined) || Number(value) === 1)) return "yes";
  const some = Object.entries(permissions).some(([path, held]) => isBelow(path) && held[privilege] !== undefined);
  return !exact && some ? "somewhere" : "no";
}

/** The nearest path above that PVE lists. */
function above(path: string, permissions: Permissions): string {
  const parent = path.slice(0, path.lastIndexOf("/")) || "/";
  return parent === "/" || permissions[parent] !== undefined ? parent : above(parent, permissions);
}
