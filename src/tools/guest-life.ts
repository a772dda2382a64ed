// Cloning, migrating and deleting guests, and making templates of them.
import { destroy, type Ground, type Present, write } from "../toolkit/operation.ts";
import { guestName, isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { leftovers } from "./guest-leftovers.ts";
import { migration, moved } from "./guest-move.ts";
import { stateOf } from "./guest-state.ts";

const config = "GET /nodes/{node}/{type}/{vmid}/config";

/** PVE calls a VM's name `name` and a container's `hostname`; both words are taken for both. */
async function copy({ values, guest, read }: Ground) {
  const { name, hostname, newid } = values;
  if (name !== undefined && hostname !== undefined && name !== hostname)
    throw new Refusal("name and hostname mean the same here: give one of them");
  const called = name ?? hostname;
  return {
    newid: newid ?? Number((await read("GET /cluster/nextid", {})).data),
    ...(called === undefined ? {} : { [guest?.type === "lxc" ? "hostname" : "name"]: called }),
  };
}

/** The copy's own configuration. PVE copies a template linked unless told otherwise, everything else whole. */
const copied: Present = async (_, ground) => {
  const { values, guest, read } = ground;
  const vmid = Number(values.newid);
  const node = String(values.target ?? guest?.node);
  const { data } = await read(`GET /nodes/{node}/${guest?.type ?? "qemu"}/{vmid}/config`, { node, vmid });
  const { digest: _digest, vmgenid: _vmgenid, smbios1: _smbios1, meta: _meta, ...rest } = isRow(data) ? data : {};
  const full = values.full === undefined ? guest?.template !== true : Number(values.full) === 1;
  const word = full ? "full" : "linked";
  return {
    summary: `${guestName(ground)} was cloned as ${vmid}: a ${word} clone on ${node}`,
    record: { vmid, node, ...rest },
  };
};

/** PVE answers at once for a container and goes on in a task that it doesn't name (facts 30). */
const templated: Present = async (_, ground) => {
  const state = await ground.until(async () => {
    const now = await stateOf(ground);
    return Number(now.template ?? 0) === 1 ? now : undefined;
  });
  const name = guestName(ground);
  if (state) return { summary: `${name} is a template now`, record: state };
  return {
    outcome: "running",
    summary: `${name} is no template yet`,
    notes: ["PVE took the call and works on it in a task of the type vztemplate: look at the node's tasks."],
  };
};

export const guestLifeTools = [
  tool(
    "proxmox_guest_clone",
    "Clone a guest: under the next free VMID unless newid is given",
    write("POST /nodes/{node}/{type}/{vmid}/clone", {
      own: { "name?": "dns-name", "hostname?": "dns-name" },
      unlisted: ["hostname"],
      optional: ["newid"],
      show: ["newid", "full", "storage", "target", "pool", "snapname"],
      hints: { full: "false: linked, of a template", target: "node" },
      units: { memory: "MiB", swap: "MiB" },
      compose: copy,
      present: copied,
    }),
  ),
  tool(
    "proxmox_guest_migrate",
    "Migrate a guest to another node: VMs while they run, running containers by a restart",
    write("POST /nodes/{node}/{type}/{vmid}/migrate", {
      own: { "with-local-disks?": "boolean", "force?": "boolean" },
      unlisted: ["force"],
      names: { "target-storage": "targetstorage" },
      show: ["online", "restart", "targetstorage", "target-storage", "bwlimit"],
      hints: { target: "node", targetstorage: "for local disks", bwlimit: "KiB/s" },
      instead: {
        "with-local-storage":
          "use targetstorage for the storage to move to, and with-local-disks for a running VM's local disks",
      },
      compose: migration,
      present: moved,
    }),
  ),
  tool(
    "proxmox_guest_template",
    "Make a guest a template: it can be cloned and not started any more",
    write("POST /nodes/{node}/{type}/{vmid}/template", { replaces: config, present: templated }),
  ),
  tool(
    "proxmox_guest_delete",
    "Delete a guest and its disks for good",
    destroy("DELETE /nodes/{node}/{type}/{vmid}", {
      replaces: config,
      show: ["purge", "destroy-unreferenced-disks", "force"],
      hints: { purge: "also from jobs and HA", force: "containers: though it runs" },
      present: leftovers,
      done: "{guest} was deleted",
    }),
  ),
];
