// Owns what a call may change of a guest's configuration, and what of it is shown as pending.
import type { Ground, Present } from "../toolkit/operation.ts";
import { guestName, isRow } from "../toolkit/present.ts";
import { recordIn } from "../toolkit/record.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { configUnits, settingsOf } from "./guest-config.ts";
import { wordsIn } from "./rows.ts";
import { mebibytes } from "./size.ts";

/** What people look for first; what else there is follows. */
export const fields =
  "name hostname description tags template lock ostype arch cores sockets vcpus cpu cpulimit cpuunits memory balloon swap " +
  "rootfs scsi* virtio* sata* ide* mp* unused* efidisk0 tpmstate0 net* nameserver searchdomain ipconfig* ciuser cipassword " +
  "sshkeys cicustom agent onboot startup protection boot bios machine scsihw features unprivileged hostpci* usb* serial* " +
  "vga parent *";

/** A VM's configuration is shown as it will be after its pending changes, a container's as it is: either way they are named. */
export const withPending: Present = async (_, ground) => {
  if (ground.values.snapshot !== undefined || ground.values.current === true) return {};
  const waiting = (await settingsOf(ground, () => true)).filter(({ pending }) => pending !== undefined);
  if (waiting.length === 0) return {};
  return { notes: [`Pending until the guest is stopped and started: ${waiting.map(({ key }) => key).join(", ")}.`] };
};

/** What is pending and nothing else: the value in force, the one to come, or that the key is to go. */
export const pendingRows: Present = (data, ground) => {
  const all = Array.isArray(data) ? data.filter(isRow) : [];
  const rows = all
    .filter((row) => (row.pending !== undefined && row.pending !== null) || Number(row.delete ?? 0) > 0)
    .map(({ key, value, pending, delete: removal }) => ({
      key,
      old: value,
      new: pending,
      unit: Object.entries(configUnits).find(([name]) => name === key)?.[1],
      ...(Number(removal ?? 0) > 0 ? { removed: true } : {}),
    }))
    .sort((one, other) => String(one.key).localeCompare(String(other.key), "en", { numeric: true }));
  if (rows.length === 0) return { rows, summary: `No change of ${guestName(ground)} is pending` };
  const summary = `Pending for ${guestName(ground)}: ${rows.map(({ key }) => key).join(", ")}`;
  return { rows, summary, notes: ["It takes effect when the guest is stopped and started."] };
};

/** The keys and values in `config`, as if each had been given by itself. */
export function settings({ values, endpoint, guest }: Ground) {
  const given = recordIn(values.config);
  const problems = destroying({ ...values, ...given }, guest?.type === "lxc");
  const twice = Object.keys(given).flatMap((key) => {
    if (endpoint.parameters.get(key)?.inPath) return [`config.${key}: ${key} is an argument beside config`];
    return values[key] === undefined || String(values[key]) === String(given[key])
      ? []
      : [`${key} is given twice: in config and beside it`];
  });
  problems.push(...twice);
  if (problems.length > 0) throw new Refusal(...problems);
  mustChange({ ...values, ...given }, "config (PVE's keys and values), delete, or PVE's parameters by their names");
  return given;
}

export const noForce =
  "it would delete the volumes of the disks in delete for good; proxmox_vm_disk action=destroy does that";

/** What would delete a volume for good has an operation of its own, of another kind than a change that can be changed back. */
function destroying(values: Readonly<Record<string, unknown>>, isContainer: boolean): string[] {
  const unused = wordsIn(values.delete).filter((key) => /^unused\d+$/.test(key));
  const instead = isContainer ? "proxmox_lxc_mountpoint" : "proxmox_vm_disk";
  return [
    ...unused.map((key) => `delete: ${key} would delete its volume for good; ${instead} action=destroy does that`),
    ...(values.force === undefined ? [] : [`force is not taken here; ${noForce}`]),
  ];
}

export function newSize({ values }: Ground) {
  mustChange(values, "memory, cores");
  return values.memory === undefined ? {} : { memory: mebibytes(values.memory) };
}

const notChanges = ["node", "vmid", "config", "digest", "force", "skiplock", "background_delay"];

function mustChange(values: Readonly<Record<string, unknown>>, what: string): void {
  if (Object.keys(values).some((name) => !notChanges.includes(name))) return;
  throw new Refusal(`nothing was given to change: give one of ${what}`);
}
