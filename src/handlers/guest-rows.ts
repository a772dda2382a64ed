// Owns the guest list: which rows of /cluster/resources are meant, and what is true of guests on a node that is away.
import type { Row } from "../toolkit/answer.ts";
import { guestTypeOf } from "../toolkit/arguments.ts";
import type { Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

/**
 * The guests of GET /cluster/resources that the arguments ask for, by number. One request also brings the nodes:
 * PVE goes on showing guests as running on a node that is cut off, so the node's state decides.
 */
export const guestRows: Present = (data, { values }) => {
  const all = Array.isArray(data) ? data.filter(isRow) : [];
  const away = new Set(
    all.filter(({ type, status }) => type === "node" && status !== "online").map(({ node }) => node),
  );
  const asked = guestTypeOf(values.type);
  const matching = all
    .filter(({ type }) => (asked ? type === asked : type === "qemu" || type === "lxc"))
    .map(({ template, ...row }) => (Number(template) === 1 ? { ...row, template } : row))
    .map((row: Row) => (away.has(row.node) ? { ...row, status: "unknown" } : row))
    .filter((row) => matches(row, values))
    .sort((one, other) => Number(one.vmid) - Number(other.vmid));
  const start = Number(values.offset ?? 0);
  const end = values.limit === undefined ? undefined : start + Number(values.limit);
  const rows = matching.slice(start, end);
  const range = rows.length > 0 ? `${start + 1} to ${start + rows.length}` : `none after ${start}`;
  const shown = rows.length < matching.length ? ` (${range} of ${matching.length})` : "";
  const unreachable = [...away].map(
    (node) => `This list is partial: node ${node} is not online, so the state of its guests is unknown.`,
  );
  const isBlind = !all.some(({ type }) => type === "qemu" || type === "lxc");
  const notes = [...unreachable, ...(isBlind ? ["PVE lists the guests alone that the token has VM.Audit for."] : [])];
  return {
    summary: `${counted(matching.length, asked)}${shown}`,
    rows,
    ...(notes.length > 0 ? { notes } : {}),
  };
};

function matches(row: Row, { node, status, name, pool, tag }: Readonly<Record<string, unknown>>): boolean {
  return (
    (node === undefined || row.node === node) &&
    (status === undefined || row.status === status) &&
    (pool === undefined || row.pool === pool) &&
    (tag === undefined ||
      String(row.tags ?? "")
        .split(/[;, ]/)
        .includes(String(tag))) &&
    (name === undefined || fits(String(row.name ?? "").toLowerCase(), String(name).toLowerCase()))
  );
}

/** A pattern with `*` and `?` is meant whole, anything else as a part of the name. */
function fits(name: string, pattern: string): boolean {
  return /[*?]/.test(pattern) ? matchesWhole(name, pattern) : name.includes(pattern);
}

/** Steps through both at once and goes back to the last star alone, so that no pattern takes long. */
function matchesWhole(name: string, pattern: string): boolean {
  let [at, place, star, resume] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[place] === "*") [star, resume] = [place++, at];
    else if (pattern[place] === "?" || pattern[place] === name[at]) [at, place] = [at + 1, place + 1];
    else if (star >= 0) [place, at] = [star + 1, ++resume];
    else return false;
  }
  return /^\**$/.test(pattern.slice(place));
}

function counted(count: number, type: "qemu" | "lxc" | undefined): string {
  const noun = type === "qemu" ? "VM" : type === "lxc" ? "container" : "guest";
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
