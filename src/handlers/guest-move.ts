// Owns the migration of guests: what PVE says of it beforehand, what a running guest needs for it, and where it is afterwards.
import { PveError } from "../pve/errors.ts";
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { guestName, isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { byManager, notThere, settled, stateOf } from "./guest-state.ts";
import { rowsIn } from "./rows.ts";

/** What only VMs have, with what to use for containers. */
const ofVms = {
  force:
    "PVE has no such parameter for containers; bind mounts and devices that tie it to its node have to be taken off first",
  "with-local-disks": "PVE has no such parameter for containers, whose local volumes always come along; leave it out",
} as const;

/** PVE's parameters of a migration, after a look at what would keep the guest from it (facts 51). Throws Refusal, PveError. */
export async function migration(ground: Ground): Promise<Row> {
  const { values, guest } = ground;
  const isVm = guest?.type !== "lxc";
  const own = Object.fromEntries(
    Object.keys(ofVms).flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
  if (!isVm && Object.keys(own).length > 0)
    throw new Refusal(
      ...Object.entries(ofVms).flatMap(([name, instead]) => (name in own ? [`${name}: ${instead}`] : [])),
    );
  await mustBeThere(ground);
  const before = await preconditions(ground);
  const isRunning = Number(before.running ?? ((await stateOf(ground)).status === "running" ? 1 : 0)) === 1;
  const local = rowsIn(before.local_disks);
  const hindrances = [
    ...reasons(before, String(values.target)),
    ...local
      .filter(isImage)
      .map(({ drivename, volid }) => `${drivename} has ${volid}, which only this node has: take it out first`),
    ...devices(before, isRunning, values.force),
  ];
  if (hindrances.length > 0) throw new Refusal(...hindrances.map((why) => `target ${values.target} won't do: ${why}`));
  if (!isRunning) return own;
  if (!isVm) return restarted(ground);
  const disks = local.some((disk) => !isImage(disk));
  return {
    ...own,
    online: values.online ?? true,
    ...(disks ? { "with-local-disks": own["with-local-disks"] ?? true } : {}),
  };
}

/** PVE can't move a container while it runs: its task would fail. */
function restarted({ values }: Ground): Row {
  if (Number(values.online ?? 0) === 1 && values.restart === undefined)
    throw new Refusal("online: PVE can't move a container while it runs; use restart=true, which stops and starts it");
  return { restart: values.restart ?? true };
}

/** The precondition still counts a node that is offline among the allowed ones, so the node's state decides. */
async function mustBeThere({ values, guest, read }: Ground): Promise<void> {
  const target = String(values.target);
  if (target === guest?.node) throw new Refusal(`target ${target} is the node that the guest is on already`);
  const nodes = rowsIn((await read("GET /nodes", {})).data);
  const online = nodes.filter(({ status }) => status === "online").map(({ node }) => String(node));
  if (online.includes(target)) return;
  const others = online
    .filter((node) => node !== guest?.node)
    .sort()
    .join(", ");
  const what = nodes.some(({ node }) => node === target) ? "is not online" : "is no node of this cluster";
  throw new Refusal(`target ${target} ${what}; ${others === "" ? "no other node is online" : `online: ${others}`}`);
}

/** GET …/migrate; containers have it from 9.1 on. */
async function preconditions({ values, guest, read }: Ground): Promise<Row> {
  const path = { node: guest?.node ?? "", vmid: guest?.vmid ?? 0, target: String(values.target) };
  try {
    const { data } = await read(`GET /nodes/{node}/${guest?.type ?? "qemu"}/{vmid}/migrate`, path);
    return isRow(data) ? data : {};
  } catch (error) {
    if (error instanceof PveError && error.kind === "unsupported") return {};
    throw error;
  }
}

/** Why PVE doesn't allow the node, a sentence each: storages and mapped devices that it lacks, HA rules. */
function reasons(before: Row, target: string): string[] {
  const all = before.not_allowed_nodes ?? before["not-allowed-nodes"];
  const why = isRow(all) ? all[target] : undefined;
  return Object.entries(isRow(why) ? why : {}).flatMap(([name, value]) => {
    const items = (Array.isArray(value) ? value : [value]).map((item) =>
      isRow(item) ? [item.sid, item.cause].filter(Boolean).join(" ") : String(item),
    );
    return items.length > 0 ? [`${name.replace(/[_-]/g, " ")}: ${items.join(", ")}`] : [];
  });
}

function devices({ local_resources: all }: Row, isRunning: boolean, force: unknown): string[] {
  const names = Array.isArray(all) ? all.map(String) : [];
  if (names.length === 0 || (!isRunning && Number(force ?? 0) === 1)) return [];
  return [`the VM uses devices of its node (${names.join(", ")})`];
}

/** A CD image that isn't cloud-init's comes along from shared storage alone. */
const isImage = ({ cdrom, is_cloudinit: generated }: Row) => Number(cdrom ?? 0) === 1 && Number(generated ?? 0) !== 1;

/** Where the guest is now; a managed one follows when the HA manager has moved it. */
export const moved: Present = async (_, ground) => {
  const { values, guest } = ground;
  const target = String(values.target);
  const record = await settled(
    ground,
    () => wherever(ground, target),
    ({ node }) => node === target,
  );
  if (record.node !== target) return notThere(ground, record, `on ${target}`);
  const isOn = (name: string) => Number(values[name] ?? 0) === 1;
  return {
    summary: `${guestName(ground)} was migrated from ${guest?.node} to ${target}`,
    record,
    notes: [
      ...byManager(ground),
      ...(isOn("online") && record.status === "running" ? ["It ran on while it moved (online)."] : []),
      ...(isOn("restart")
        ? ["It was stopped and started again to move (restart): containers can't move while they run."]
        : []),
      ...(isOn("with-local-disks") ? ["Its local disks were copied along (with-local-disks)."] : []),
    ],
  };
};

/** The guest's state on the target, or where it was; between the two it may be on neither for a moment. */
async function wherever(ground: Ground, target: string): Promise<Row> {
  for (const node of [target, ground.guest?.node]) {
    try {
      return await stateOf(ground, node);
    } catch (error) {
      if (!(error instanceof PveError) || error.kind !== "missing") throw error;
    }
  }
  return { vmid: ground.guest?.vmid, hastate: "migrate", status: "unknown", node: "its way" };
}
