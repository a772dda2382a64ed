// Owns what is told of a node's services, its subscription and its packages.
import type { Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { givenOf, placeOf, rowIn, rowsIn } from "./rows.ts";

/** What a task's OK alone doesn't prove: the state that the service is in now. */
export const serviceState: Present = async (_, ground) => {
  const { data } = await ground.read("GET /nodes/{node}/services/{service}/state", placeOf(ground, "node", "service"));
  const { "active-state": state } = rowIn(data);
  const differs = state !== undefined && state !== (ground.values.command === "stop" ? "inactive" : "active");
  return {
    record: rowIn(data),
    ...(differs ? { notes: [`PVE's task ended well, and the service is ${state}.`] } : {}),
  };
};

/** A basic read doesn't show the key itself. */
export const subscription: Present = async (data, ground) => {
  const asked = data ?? (await ground.read("GET /nodes/{node}/subscription", placeOf(ground, "node"))).data;
  const { key, ...rest } = rowIn(asked);
  const shown = key === undefined ? {} : { key: ground.elevated ? key : "(not shown)" };
  const none = rest.status === "notfound" ? { summary: `${ground.values.node} has no subscription key` } : {};
  return { record: { ...shown, ...rest }, ...none };
};

/** The key goes to PVE, which asks the shop about it; then the state is asked for anew. */
export const setKey: Perform = async (acting) => {
  const node = placeOf(acting, "node");
  await acting.send("PUT /nodes/{node}/subscription", { ...node, key: acting.values.key });
  return acting.send("POST /nodes/{node}/subscription", { ...node, ...givenOf(acting, "force") });
};

export const removeKey: Perform = async (acting, values) => {
  const { data } = await acting.read("GET /nodes/{node}/subscription", placeOf(acting, "node"));
  if (rowIn(data).status === "notfound") throw new Refusal(`node ${values.node} has no subscription key`);
  return acting.send("DELETE /nodes/{node}/subscription", values);
};

export const upgradable: Present = async (_, ground) => {
  const { data } = await ground.read("GET /nodes/{node}/apt/update", placeOf(ground, "node"));
  return { rows: rowsIn(data), notes: [`${rowsIn(data).length} packages can be upgraded.`] };
};

/** PVE upgrades packages in a shell alone. */
export const noUpgrade: Present = (data, { values }) => ({
  outcome: "error",
  kind: "unsupported",
  summary: "PVE has no API that upgrades packages, nothing was changed",
  reason: [
    `Run \`apt full-upgrade\` (or \`pveupgrade\`) in a shell of node ${values.node}; a new kernel needs a reboot.`,
    `${rowsIn(data).length} packages can be upgraded by the lists as they are; action=update fetches them anew.`,
  ],
  rows: rowsIn(data),
});

export const versions: Present = (data, { values }) => {
  const wanted = String(values.package ?? "");
  const rows = rowsIn(data).filter(({ Package }) => String(Package).includes(wanted));
  const exact = rows.filter(({ Package }) => Package === wanted);
  return { rows: exact.length > 0 ? exact : rows };
};
