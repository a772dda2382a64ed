// Groups, aliases and IP sets of the firewall: PVE changes them by writing them anew, or by creating them from their old name.
import { PveError } from "../pve/errors.ts";
import type { Compose, Perform, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

/** PVE changes a group by creating it: `rename` is the name it had, `group` the one it gets. */
export const groupChanged: Perform = ({ send, values: { delete: cleared } }, { group, rename, ...others }) =>
  send("POST /cluster/firewall/groups", {
    ...(cleared ? { comment: "" } : {}),
    ...others,
    group: rename ?? group,
    rename: group,
  });

/** PVE writes an alias and an entry anew: what the call doesn't name stays only if it is sent again. */
export const kept =
  (...names: string[]): Compose =>
  ({ values, before }) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = values[name] ?? before?.[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );

/** PVE changes a set by creating it: `rename` is the name it had, `name` the one it gets. */
export const setChanged: Perform = ({ send }, { name, rename, ...others }) =>
  send("POST /cluster/firewall/ipset", { ...others, name: rename ?? name, rename: name });

/** A set that goes with its entries tells which they were. */
export const withEntries: Perform = async ({ read: ask, send }, values) => {
  // who may not read the entries may still delete the set
  const { data } = await ask("GET /cluster/firewall/ipset/{name}", { name: String(values.name) }).catch(unseen);
  await send("DELETE /cluster/firewall/ipset/{name}", values);
  return { data };
};

function unseen(error: unknown): { data: unknown } {
  if (error instanceof PveError && error.kind === "forbidden") return { data: {} };
  throw error;
}

export const setGone: Present = (data, { values }) =>
  Array.isArray(data) ? {} : { record: {}, summary: `IP set ${values.name} was deleted` };

/** A creation with `rename` has made nothing new. */
export const madeFrom =
  (name: "group" | "name"): Present =>
  (_, { values }) =>
    values.rename === undefined ? {} : { summary: `${values.rename} is called ${values[name]} now` };

export const renamedNote: Present = (_, { values: { rename, group } }) =>
  rename === undefined || rename === group ? {} : { notes: ["Rules that name it by its old name still do."] };

export const offNote: Present = (data) =>
  isRow(data) && Number(data.enable ?? 0) === 0 ? { notes: ["The firewall is off."] } : {};
