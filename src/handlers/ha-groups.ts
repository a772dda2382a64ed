// Owns what an HA group is by PVE's version: up to 8 a group; from 9 on a rule of the type node-affinity, which names its resources.
import { PveError } from "../pve/errors.ts";
import type { WireValue } from "../schema/check.ts";
import type { Answer, Row } from "../toolkit/answer.ts";
import type { Acting, Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { changesBetween } from "../toolkit/replaced.ts";
import { linesIn, rowIn, rowsIn, wordsIn } from "./rows.ts";

/** Whether PVE keeps HA groups as rules (GET /version). */
export async function hasRules({ read }: Pick<Ground, "read">): Promise<boolean> {
  const { version, release } = rowIn((await read("GET /version", {})).data);
  return Number.parseInt(String(version ?? release), 10) >= 9;
}

/** `vm:100` for vm:100, for 100 and for the guest's name; a resource that is there is found though its guest is gone. */
export async function sidOf({ read, find }: Pick<Ground, "read" | "find">, ref: string): Promise<string> {
  if (/^(?:vm|ct):\d+$/.test(ref)) return ref;
  const managed = /^\d+$/.test(ref) ? rowsIn((await read("GET /cluster/ha/resources", {})).data) : [];
  const row = managed.find(({ sid }) => String(sid).endsWith(`:${ref}`));
  if (row) return String(row.sid);
  const { type, vmid } = await find(ref);
  return `${type === "lxc" ? "ct" : "vm"}:${vmid}`;
}

/** What `perform` hands to `present`. */
type Told = { readonly isRule: boolean; readonly before?: Row; readonly after?: Row } & Partial<Carried>;
/** What became of the resources: a line each. */
type Carried = { readonly done: string[]; readonly undone: string[] };
const none: Carried = { done: [], undone: [] };

const resourcesOf = async (acting: Acting): Promise<string[]> =>
  Promise.all(wordsIn(acting.values.resources).map((ref) => sidOf(acting, ref)));

async function rowOf({ read }: Acting, isRule: boolean, group: WireValue): Promise<Row> {
  const { data } = isRule
    ? await read("GET /cluster/ha/rules/{rule}", { rule: group })
    : await read("GET /cluster/ha/groups/{group}", { group });
  return rowIn(data);
}

/** What stands in a resource: its group, or whether it goes back to its best node. What PVE refuses there is told. */
async function setResources(acting: Acting, sids: readonly string[], values: Row): Promise<Carried> {
  const { done, undone }: Carried = { done: [], undone: [] };
  const [[name = "", value] = []] = Object.entries(values);
  for (const sid of sids) {
    try {
      await acting.send("PUT /cluster/ha/resources/{sid}", { sid, ...values });
      done.push(`HA resource ${sid}: ${name === "delete" ? `${value} was reset` : `${name} is ${value}`}.`);
    } catch (error) {
      if (!(error instanceof PveError)) throw error;
      undone.push(`HA resource ${sid} was not changed: ${error.sentence}`);
    }
  }
  return { done, undone };
}

const listGroups: Perform = async (acting) => {
  const isRule = await hasRules(acting);
  const { data } = await acting.read(isRule ? "GET /cluster/ha/rules" : "GET /cluster/ha/groups", {});
  return { data: { isRule, rows: rowsIn(data) } };
};

const readGroup: Perform = async (acting, { group = "" }) => {
  const isRule = await hasRules(acting);
  return { data: { isRule, after: await rowOf(acting, isRule, group) } satisfies Told };
};

const createGroup: Perform = async (acting, { group = "", restricted, nofailback, type: _type, ...rest }) => {
  const [isRule, sids] = [await hasRules(acting), await resourcesOf(acting)];
  let carried = none;
  if (isRule) {
    if (sids.length === 0)
      throw new Refusal(
        "resources is missing: from PVE 9 on a group is a rule, which names its HA resources (vm:100,ct:200)",
      );
    const strict = restricted === undefined ? {} : { strict: restricted };
    await acting.send("POST /cluster/ha/rules", {
      ...rest,
      ...strict,
      rule: group,
      type: "node-affinity",
      resources: sids.join(","),
    });
    if (nofailback !== undefined) carried = await setResources(acting, sids, { failback: !Number(nofailback) });
  } else {
    const flags = {
      ...(restricted === undefined ? {} : { restricted }),
      ...(nofailback === undefined ? {} : { nofailback }),
    };
    await acting.send("POST /cluster/ha/groups", { ...rest, ...flags, group });
    carried = await setResources(acting, sids, { group });
  }
  return { data: { isRule, after: await rowOf(acting, isRule, group), ...carried } satisfies Told };
};

const updateGroup: Perform = async (acting, { group = "", ...rest }) => {
  const [isRule, sids] = [await hasRules(acting), await resourcesOf(acting)];
  const before = await rowOf(acting, isRule, group);
  const digest = { digest: rest.digest ?? before.digest };
  const carried = isRule
    ? await updateRule(acting, before, { ...rest, rule: group, ...digest }, sids)
    : await acting
        .send("PUT /cluster/ha/groups/{group}", { ...rest, group, ...digest })
        .then(() => setResources(acting, sids, { group }));
  return { data: { isRule, before, after: await rowOf(acting, isRule, group), ...carried } satisfies Told };
};

/** A group's flags by their names in a rule; `nofailback` stands in the resources. */
async function updateRule(
  acting: Acting,
  { type, resources }: Row,
  { restricted, nofailback, delete: gone, ...rest }: Row,
  sids: readonly string[],
): Promise<Carried> {
  if (type !== "node-affinity")
    throw new Refusal(
      `group ${rest.rule} is an HA rule of the type ${type}: this is for rules of the type node-affinity`,
    );
  const names = wordsIn(gone).map((name) => (name === "restricted" ? "strict" : name));
  const kept = names.filter((name) => name !== "nofailback");
  await acting.send("PUT /cluster/ha/rules/{rule}", {
    ...rest,
    type,
    ...(sids.length > 0 ? { resources: sids.join(",") } : {}),
    ...(restricted === undefined ? {} : { strict: restricted }),
    ...(kept.length > 0 ? { delete: kept.join(",") } : {}),
  });
  const all = sids.length > 0 ? sids : wordsIn(resources);
  if (nofailback !== undefined) return setResources(acting, all, { failback: !Number(nofailback) });
  return kept.length < names.length ? setResources(acting, all, { delete: "failback" }) : none;
}

/** PVE answers 200 on deleting a rule that isn't there (facts 58), so it is looked at before and after. */
const deleteGroup: Perform = async (acting, { group = "" }) => {
  const isRule = await hasRules(acting);
  const before = await rowOf(acting, isRule, group);
  await (isRule
    ? acting.send("DELETE /cluster/ha/rules/{rule}", { rule: group })
    : acting.send("DELETE /cluster/ha/groups/{group}", { group }));
  const { data } = await acting.read(isRule ? "GET /cluster/ha/rules" : "GET /cluster/ha/groups", {});
  const after = rowsIn(data).find((row) => row[isRule ? "rule" : "group"] === group);
  return { data: { isRule, before, ...(after ? { after } : {}) } satisfies Told };
};

const listed: Present = (data) => {
  const { isRule, rows } = rowIn(data);
  const all = rowsIn(rows);
  if (!isRule) return { rows: all, summary: `${all.length} HA groups` };
  const own = all.filter(({ type }) => type === "node-affinity");
  const others = all.length - own.length;
  return {
    rows: own,
    summary: `${own.length} HA rules of the type node-affinity, which from PVE 9 on are what groups were`,
    ...(others > 0 ? { notes: [`${others} rules of the type resource-affinity are not shown.`] } : {}),
  };
};

/** `… was changed`, of a group or of the rule that it is. */
const told =
  (verb: string): Present =>
  (data, { values }): Partial<Answer> => {
    const { isRule, before, after, done: carried, undone } = rowIn(data);
    const name = isRule
      ? `HA rule ${values.group} (a group up to PVE 8, node-affinity from 9 on)`
      : `HA group ${values.group}`;
    const [good, bad] = [linesIn(carried), linesIn(undone)];
    const changes = before === undefined ? undefined : changesBetween(rowIn(before), rowIn(after));
    return {
      record: rowIn(after),
      summary: `${name}${verb}`,
      ...(changes ? { changes } : {}),
      ...(bad.length > 0 ? { outcome: "warnings" } : {}),
      ...(good.length + bad.length > 0 ? { notes: [...good, ...bad] } : {}),
    };
  };

const deleted: Present = (data, { values }) => {
  const { isRule, before, after } = rowIn(data);
  const name = `HA ${isRule ? "rule" : "group"} ${values.group}`;
  if (after !== undefined)
    return {
      outcome: "error",
      kind: "refused",
      summary: `PVE took the call, and ${name} still stands`,
      record: rowIn(after),
    };
  const { digest: _digest, ...gone } = rowIn(before);
  return {
    record: { group: values.group },
    summary: `${name} was deleted`,
    changes: Object.entries(gone).map(([key, old]) => ({ key, old })),
  };
};

const fields = "rule group type nodes resources strict restricted nofailback disable comment";

/** What each action does and tells; the endpoints of rules stand in `also`. */
export const groups = {
  list: { also: ["GET /cluster/ha/rules"], perform: listGroups, present: listed, fields },
  get: { also: ["GET /cluster/ha/rules/{rule}"], perform: readGroup, present: told(""), fields },
  create: {
    also: ["POST /cluster/ha/rules", "PUT /cluster/ha/resources/{sid}"],
    perform: createGroup,
    present: told(" was created"),
    fields,
  },
  update: {
    also: ["PUT /cluster/ha/rules/{rule}", "PUT /cluster/ha/resources/{sid}"],
    perform: updateGroup,
    present: told(" was changed"),
    fields,
  },
  delete: { also: ["DELETE /cluster/ha/rules/{rule}"], perform: deleteGroup, present: deleted, fields },
} as const;
