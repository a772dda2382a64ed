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
  const shown = rows.length < matching.length ? ` (${start + 1} to ${start + rows.length} of ${matching.length})` : "";
  const unreachable = [...away].map((node) => `Node ${node} is not online: the state of its guests is unknown.`);
  return {
    summary: `${matching.length} ${noun(asked)}${rows.length === 0 ? "" : shown}`,
    rows,
    ...(unreachable.length > 0 ? { notes: unreachable } : {}),
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
    (name === undefined || namePattern(String(name)).test(String(row.name ?? "")))
  );
}

/** A pattern with `*` and `?` is meant whole, anything else as a part of the name. */
function namePattern(name: string): RegExp {
  const escaped = name.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const pattern = escaped.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(/[*?]/.test(name) ? `^${pattern}$` : pattern, "i");
}

function noun(type: "qemu" | "lxc" | undefined): string {
  if (type === "qemu") return "VMs";
  return type === "lxc" ? "containers" : "guests";
}
