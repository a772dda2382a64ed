// The configuration of guests: what is in force, what is pending, and changing it.
import { type Ground, type Present, read, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { recordIn } from "../toolkit/record.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { configUnits, pendingAfter, settingsOf, standingConfig } from "./guest-config.ts";
import { mebibytes } from "./size.ts";

const config = "PUT /nodes/{node}/{type}/{vmid}/config";

/** What people look for first; what else there is follows. */
const fields =
  "name hostname description tags template lock ostype arch cores sockets vcpus cpu cpulimit cpuunits memory balloon swap " +
  "rootfs scsi* virtio* sata* ide* mp* unused* efidisk0 tpmstate0 net* nameserver searchdomain ipconfig* ciuser cipassword " +
  "sshkeys cicustom agent onboot startup protection boot bios machine scsihw features unprivileged hostpci* usb* serial* " +
  "vga parent *";

/** A VM's configuration is shown as it will be after its pending changes, a container's as it is: either way they are named. */
const withPending: Present = async (_, ground) => {
  if (ground.values.snapshot !== undefined || ground.values.current === true) return {};
  const waiting = (await settingsOf(ground, () => true)).filter(({ pending }) => pending !== undefined);
  if (waiting.length === 0) return {};
  return { notes: [`Pending until the guest is stopped and started: ${waiting.map(({ key }) => key).join(", ")}.`] };
};

/** What is pending and nothing else: the value in force, the one to come, or that the key is to go. */
const pendingRows: Present = (data) => {
  const all = Array.isArray(data) ? data.filter(isRow) : [];
  const rows = all
    .filter((row) => (row.pending !== undefined && row.pending !== null) || Number(row.delete ?? 0) > 0)
    .map(({ key, value, pending, delete: removal }) => ({
      key,
      old: value,
      new: pending,
      ...(Number(removal ?? 0) > 0 ? { removed: true } : {}),
    }))
    .sort((one, other) => String(one.key).localeCompare(String(other.key), "en", { numeric: true }));
  return { rows, notes: [rows.length > 0 ? "They take effect when the guest is stopped and started." : nothing] };
};

const nothing = "The guest runs with what its configuration says.";

/** The keys and values in `config`, as if each had been given by itself. */
function settings({ values, endpoint }: Ground) {
  const given = recordIn(values.config);
  const problems = Object.keys(given).flatMap((key) => {
    if (endpoint.parameters.get(key)?.inPath) return [`config.${key}: ${key} is an argument beside config`];
    return values[key] === undefined || String(values[key]) === String(given[key])
      ? []
      : [`${key} is given twice: in config and beside it`];
  });
  if (problems.length > 0) throw new Refusal(...problems);
  mustChange({ ...values, ...given }, "config (PVE's keys and values), delete, or PVE's parameters by their names");
  return given;
}

function newSize({ values }: Ground) {
  mustChange(values, "memory, cores");
  return values.memory === undefined ? {} : { memory: mebibytes(values.memory) };
}

const notChanges = ["node", "vmid", "config", "digest", "force", "skiplock", "background_delay"];

function mustChange(values: Readonly<Record<string, unknown>>, what: string): void {
  if (Object.keys(values).some((name) => !notChanges.includes(name))) return;
  throw new Refusal(`nothing was given to change: give one of ${what}`);
}

export const guestSettingsTools = [
  tool(
    "proxmox_guest_config",
    "Guest configuration",
    read(standingConfig, {
      show: ["snapshot"],
      fields,
      units: configUnits,
      present: withPending,
      done: "Configuration of {guest}",
    }),
  ),
  tool(
    "proxmox_guest_config_update",
    "Change a guest's configuration",
    write(config, {
      own: { "config?": "json-object" },
      show: ["delete"],
      hints: { config: "PVE's keys and values", delete: "keys, comma-separated" },
      replaces: standingConfig,
      units: configUnits,
      compose: settings,
      present: pendingAfter,
      done: "Configuration of {guest} was changed",
    }),
  ),
  tool(
    "proxmox_guest_pending",
    "Pending changes of a guest's configuration",
    read("GET /nodes/{node}/{type}/{vmid}/pending", {
      fields: "key old new removed",
      present: pendingRows,
      done: "{count} pending changes of {guest}",
    }),
  ),
  tool(
    "proxmox_guest_resize",
    "Guest memory and cores",
    write(config, {
      takes: ["cores", "sockets", "vcpus", "cpulimit", "cpuunits", "balloon", "swap", "digest"],
      own: { "memory?": "size-mib" },
      show: ["cores"],
      hints: { memory: "MiB, or 8G" },
      replaces: standingConfig,
      units: configUnits,
      compose: newSize,
      present: pendingAfter,
      done: "{guest} was given other memory or cores",
    }),
  ),
];
