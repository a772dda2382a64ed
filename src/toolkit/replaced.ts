// Owns what a change replaces: what stood there before, the digest that notices a change in between, and what stands there after.
import { PveError, type PveErrorKind } from "../pve/errors.ts";
import type { WireValue } from "../schema/check.ts";
import { endpoint, parameterOf } from "../schema/registry.ts";
import { isSecret } from "../schema/secret.ts";
import type { Answer, Row } from "./answer.ts";
import { endpointsOf, forksAt, guestTypeAt } from "./arguments.ts";
import { ends } from "./budget.ts";
import type { Ground, Operation, Replaced } from "./operation.ts";
import { isRow } from "./present.ts";
import { Refusal } from "./refusal.ts";

type Wire = Readonly<Record<string, WireValue>>;

/** What stands where an operation is about to change something. */
export interface Standing {
  /** Absent where it may not be read. */
  readonly row?: Row;
  /** PVE's sentence where it may not be read. */
  readonly unread?: string;
}

/**
 * Reads what the operation will replace. What doesn't stand there can't be changed or deleted: PVE's own error, or the
 * names that there are.
 * @throws PveError, Refusal
 */
export async function standing(operation: Operation, ground: Ground): Promise<Standing | undefined> {
  const place = placeOf(operation);
  if (!place) return undefined;
  try {
    const row = await rowAt(operation, place, ground, ground.values);
    if (row) return { row };
  } catch (error) {
    if (error instanceof PveError && error.kind === "forbidden") return { unread: error.sentence };
    throw error;
  }
  return {};
}

/** The digest for the write, where PVE takes one there and the call gave none. */
export function digestFor(ground: Ground, row: Row | undefined): { digest?: string } {
  const isTaken = parameterOf(ground.endpoint, "digest") !== undefined && ground.values.digest === undefined;
  return isTaken && typeof row?.digest === "string" ? { digest: row.digest } : {};
}

/** The part of an answer that tells what was replaced; or that PVE took a deletion and it still stands. */
export async function replacement(
  operation: Operation,
  ground: Ground,
  { row, unread }: Standing,
): Promise<Partial<Answer>> {
  const place = placeOf(operation);
  if (!place) return {};
  if (!row) {
    return unread === undefined ? {} : { notes: [`What stood there before may not be read: ${unread}`] };
  }
  const { row: after, unseen } = await rowAfter(operation, place, ground);
  const isTold = (key: string) => key !== "digest" && (place.keys?.includes(key) ?? true);
  if (ground.endpoint.method !== "DELETE") {
    if (unseen !== undefined) return { notes: [`It was done; how it looks now could not be read: ${unseen}`] };
    return after ? { changes: changesBetween(row, after, isTold) } : {};
  }
  if (after && !place.staged && sameRow(row, after)) return stillThere;
  const gone = Object.entries(row).filter(([key]) => isTold(key));
  return {
    changes: gone.map(([key, old]) => ({ key, old: told(key, old) })),
    ...(unseen !== undefined && { notes: [`PVE took the deletion; that it is gone could not be seen: ${unseen}`] }),
  };
}

const stillThere: Partial<Answer> = {
  outcome: "error",
  kind: "refused",
  summary: "PVE took the call, and what was to be deleted still stands there",
  reason: ["PVE keeps what is built in or defined elsewhere, and says nothing about it."],
};

function placeOf({ replaces }: Operation): Replaced | undefined {
  return typeof replaces === "string" ? { at: replaces } : replaces;
}

async function rowAt(operation: Operation, place: Replaced, ground: Ground, values: Wire): Promise<Row | undefined> {
  const forks = forksAt(operation, ground.endpoint);
  const type = ground.guest?.type ?? guestTypeAt(ground.endpoint);
  const all = endpointsOf({ endpoint: place.at, ...(operation.forks ? { forks: operation.forks } : {}) });
  const wanted = all.find((one) => {
    const there = forksAt({ ...operation, endpoint: place.at }, one);
    return (
      Object.entries(forks).every(([name, segment]) => (there[name] ?? segment) === segment) && fitsType(one.path, type)
    );
  });
  if (!wanted) throw new TypeError(`${place.at} is no endpoint of PVE`);
  const path = [...endpoint(wanted.key).parameters.values()].filter(({ inPath }) => inPath);
  const asked = path.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]] as const]));
  const { data } = await ground.read(wanted.key, { ...Object.fromEntries(asked), ...place.with });
  if (place.by === undefined) return isRow(data) ? data : undefined;
  const { by } = place;
  const rows = Array.isArray(data) ? data.filter(isRow) : [];
  const row = rows.find((one) => String(one[by]) === String(values[by]));
  if (row) return row;
  const names = rows.map((one) => String(one[by]));
  const some = names.length > 20 ? `${names.slice(0, 20).join(", ")} and ${names.length - 20} more` : names.join(", ");
  throw new Refusal(
    `${by} ${JSON.stringify(values[by])} does not exist; there is ${some === "" ? "none that the token may see" : some}`,
  );
}

const fitsType = (path: string, type: string | undefined) =>
  type === undefined || !/\/(?:qemu|lxc)\/\{vmid\}/.test(path) || path.includes(`/${type}/`);

/** What is read of it after the change. */
interface After {
  /** Absent where it is gone. */
  readonly row?: Row | undefined;
  /** Why it isn't known whether it is. */
  readonly unseen?: string;
}

/** Errors that say nothing about whether it stands there. */
const silent: readonly PveErrorKind[] = [
  "unreachable",
  "tls",
  "timeout",
  "unauthorised",
  "forbidden",
  "node-down",
  "cancelled",
  "bug",
];

/** Where it stands now, under its new name where it was renamed. */
async function rowAfter(operation: Operation, place: Replaced, ground: Ground): Promise<After> {
  const { rename } = ground.values;
  const renamed = place.by ?? /\{(\w+)\}$/.exec(place.at)?.[1];
  const values =
    rename === undefined || renamed === undefined ? ground.values : { ...ground.values, [renamed]: rename };
  try {
    return { row: await rowAt(operation, place, ground, values) };
  } catch (error) {
    if (error instanceof Refusal) return {};
    if (!(error instanceof PveError)) throw error;
    // with a guest PVE takes away what its token was allowed there
    const isGone = !silent.includes(error.kind) || (error.kind === "forbidden" && ground.guest !== undefined);
    return isGone ? {} : { unseen: error.sentence };
  }
}

function sameRow(one: Row, other: Row): boolean {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]));
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Every key whose value differs, with the old and the new one; an absent value wasn't or isn't set. */
export function changesBetween(
  before: Row,
  after: Row,
  isTold: (key: string) => boolean = (key) => key !== "digest",
): Row[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => isTold(key) && !same(before[key], after[key]))
    .map((key) => ({ key, old: told(key, before[key]), new: told(key, after[key]) }));
}

/** A value as an answer tells it: no secret, and of a long text the two ends. */
function told(key: string, value: unknown): unknown {
  if (value !== undefined && value !== null && isSecret(key)) return "(not shown)";
  return typeof value === "string" ? ends(value) : value;
}
