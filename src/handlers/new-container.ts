// Owns how a new container's parameters are made: sizes with units, a template by its name, a storage that takes it.
import type { Ground, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { createdGuest, vmidFor } from "./new-guest.ts";
import { gibibytes, mebibytes } from "./size.ts";
import { storageFor } from "./storage-choice.ts";

/** PVE's parameters of a new container, from what people say: sizes with units, a template by its name. */
export async function newContainer(ground: Ground): Promise<Record<string, unknown>> {
  const { values } = ground;
  const { memory, swap, rootfs, restore, unprivileged } = values;
  return {
    vmid: await vmidFor(ground),
    ostemplate: await templateFor(ground),
    ...(memory === undefined ? {} : { memory: mebibytes(memory) }),
    ...(swap === undefined ? {} : { swap: mebibytes(swap) }),
    ...(restore === true && rootfs === undefined ? {} : await rootFor(ground)),
    // as in PVE's own web interface; a backup tells itself what its container was
    ...(unprivileged === undefined && restore !== true ? { unprivileged: true } : {}),
  };
}

/** A size goes to the storage of the call; PVE's own form (`local-lvm:8`, a volume) is left as it is. */
async function rootFor(ground: Ground) {
  const { rootfs, storage } = ground.values;
  if (rootfs !== undefined && /[:=/]/.test(String(rootfs))) return { rootfs };
  const chosen = await storageFor(ground, storage, "rootdir");
  return rootfs === undefined ? { storage: chosen } : { rootfs: `${chosen}:${gibibytes("rootfs", rootfs)}` };
}

/** A volume id as it is; a name is looked for among the templates on the node's storages. */
async function templateFor({ values, read }: Ground): Promise<string> {
  const wanted = String(values.ostemplate);
  if (/[:/]/.test(wanted)) return wanted;
  const node = values.node ?? "";
  const storages = await read("GET /nodes/{node}/storage", { node, content: "vztmpl", enabled: true });
  const names = rowsOf(storages.data).map(({ storage }) => String(storage));
  const lists = await Promise.all(
    names.map((storage) => read("GET /nodes/{node}/storage/{storage}/content", { node, storage, content: "vztmpl" })),
  );
  const all = lists.flatMap(({ data }) => rowsOf(data).map(({ volid }) => String(volid))).sort();
  const exact = all.filter(
    (volid) => /[^/]*$/.exec(volid)?.[0].replace(/\.tar\.\w+$/, "") === wanted.replace(/\.tar\.\w+$/, ""),
  );
  const fitting = exact.length > 0 ? exact : all.filter((volid) => volid.includes(wanted));
  const [only, another] = fitting;
  if (only !== undefined && another === undefined) return only;
  if (fitting.length > 1) throw new Refusal(`ostemplate ${JSON.stringify(wanted)} is one of ${fitting.join(", ")}`);
  const there = all.length > 0 ? `there is ${all.join(", ")}` : "it has none";
  throw new Refusal(`ostemplate ${JSON.stringify(wanted)}: no such template on ${node}; ${there}`);
}

const rowsOf = (data: unknown) => (Array.isArray(data) ? data.filter(isRow) : []);

export const created: Present = async (data, ground) => {
  const { password, "ssh-public-keys": keys, restore } = ground.values;
  const locked = password === undefined && keys === undefined && restore !== true;
  return { ...(await createdGuest(data, ground)), ...(locked ? { notes: [entered] } : {}) };
};

const entered = "Neither password nor ssh-public-keys was given: `pct enter` on the node is the way in.";
