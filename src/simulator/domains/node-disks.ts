// A node's disks: what is in them, what lies on them, wiping them and giving them a partition table.
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Disk } from "../engine/state.ts";

type Row = Record<string, unknown>;

/** The disk that the host runs from: a virtual one, of which little is known. */
const system = (size: number): Disk => ({ name: "vda", size, used: "mounted" });

function disksOf({ cluster, node }: Call): Disk[] {
  const { disk, disks = [] } = cluster.node(node);
  return [system(disk), ...disks];
}

function row({ name, size, used, model, serial, gpt, rpm }: Disk): Row {
  return {
    ...(model === undefined ? {} : { by_id_link: `/dev/disk/by-id/ata-${model.replaceAll(" ", "_")}_${serial}` }),
    devpath: `/dev/${name}`,
    gpt: gpt ? 1 : 0,
    health: model === undefined ? "UNKNOWN" : "PASSED",
    model: model ?? "unknown",
    ...(used === "mounted" ? { mounted: 1 } : {}),
    osdid: -1,
    "osdid-list": null,
    rpm: rpm ?? -1,
    serial: serial ?? "unknown",
    size,
    type: rpm === undefined ? "unknown" : rpm === 0 ? "ssd" : "hdd",
    ...(used === undefined ? {} : { used }),
    vendor: model === undefined ? "0x1af4" : "ATA",
    wearout: rpm === 0 ? 97 : "N/A",
    wwn: "unknown",
  };
}

function list(call: Call): Row[] {
  const unused = call.params.text("type") !== undefined;
  return disksOf(call)
    .filter(({ used }) => !unused || used === undefined)
    .map(row);
}

/** The disk of a path. One without a place on the bus is none that PVE works on. */
function named(call: Call): Disk {
  const found = disksOf(call).find(({ name }) => `/dev/${name}` === call.params.need("disk"));
  if (found === undefined) throw failure("not a valid block device");
  return found;
}

const attributes: readonly (readonly [id: number, name: string, value: number, raw: string])[] = [
  [5, "Reallocated_Sector_Ct", 100, "0"],
  [9, "Power_On_Hours", 98, "8211"],
  [12, "Power_Cycle_Count", 99, "31"],
  [177, "Wear_Leveling_Count", 97, "61"],
  [194, "Temperature_Celsius", 71, "29"],
];

function smart(call: Call): Row {
  const wanted = call.params.need("disk");
  const disk = disksOf(call).find(({ name }) => `/dev/${name}` === wanted);
  if (disk?.model === undefined) return { health: "UNKNOWN" };
  if (call.params.flag("healthonly")) return { health: "PASSED" };
  return {
    attributes: attributes.map(([id, name, value, raw]) => ({
      fail: "-",
      flags: "-O--CK",
      id: String(id).padStart(3),
      name,
      normalized: value,
      raw,
      threshold: 0,
      value,
      worst: value,
    })),
    health: "PASSED",
    type: "ata",
  };
}

function initGpt(call: Call): string {
  const disk = named(call);
  if (disk.used !== undefined) throw failure(`disk /dev/${disk.name} already in use`);
  return call.cluster.fork(call.caller, call.node, "diskinit", disk.name, function* (worker) {
    const { uuid } = call.params.rest();
    if (uuid !== undefined && !/^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(uuid))
      throw failure(`command '/sbin/sgdisk /dev/${disk.name} -U ${uuid}' failed: exit code 8`);
    yield 1000;
    if (!disk.gpt) worker.log("Creating new GPT entries in memory.");
    worker.log("The operation has completed successfully.");
    disk.gpt = true;
  });
}

function wipe(call: Call): string {
  const disk = named(call);
  if (disk.used === "mounted") throw failure(`disk/partition '/dev/${disk.name}' is mounted`);
  return call.cluster.fork(call.caller, call.node, "wipedisk", disk.name, function* (worker) {
    worker.log(`wiping block device /dev/${disk.name}`);
    if (disk.gpt)
      worker.log(`/dev/${disk.name}: 8 bytes were erased at offset 0x00000200 (gpt): 45 46 49 20 50 41 52 54`);
    yield 800;
    worker.log("200+0 records in", "200+0 records out", "209715200 bytes (210 MB, 200 MiB) copied, 0.8 s, 262 MB/s");
    delete disk.gpt;
    delete disk.used;
  });
}

/** The volume groups that the storages lie in. */
function lvm(call: Call): Row {
  const groups = Object.values(call.cluster.state.storages).filter(({ type }) => type === "lvmthin" || type === "lvm");
  const children = groups.map(({ options, total }) => ({
    children: [{ free: 0, leaf: 1, name: "/dev/vda3", size: total }],
    free: 0,
    leaf: 0,
    lvcount: 1,
    name: options.vgname,
    size: total,
  }));
  return { children, leaf: 0 };
}

function lvmThin(call: Call): Row[] {
  return Object.values(call.cluster.state.storages).flatMap(({ type, options, total }) =>
    type === "lvmthin"
      ? [
          {
            lv: options.thinpool,
            lv_size: total,
            metadata_size: 16_777_216,
            metadata_used: 1_048_576,
            used: 0,
            vg: options.vgname,
          },
        ]
      : [],
  );
}

/** File systems that PVE has made and mounted, each by a unit of systemd. */
function directories({ cluster, node }: Call): Row[] {
  return Object.entries(cluster.node(node).directories ?? {}).map(([name, device]) => ({
    device,
    options: "defaults",
    path: `/mnt/pve/${name}`,
    type: "ext4",
    unitfile: `/etc/systemd/system/mnt-pve-${name}.mount`,
  }));
}

export const nodeDisks: Handlers = {
  "GET /nodes/{node}/disks/list": list,
  "GET /nodes/{node}/disks/smart": smart,
  "GET /nodes/{node}/disks/directory": directories,
  "GET /nodes/{node}/disks/lvm": lvm,
  "GET /nodes/{node}/disks/lvmthin": lvmThin,
  "GET /nodes/{node}/disks/zfs": () => {
    throw failure("zfsutils-linux not installed");
  },
  "POST /nodes/{node}/disks/initgpt": initGpt,
  "PUT /nodes/{node}/disks/wipedisk": wipe,
};
