// A node's disks, and what is made of them.
import { PveError } from "../pve/errors.ts";
import { destroy, type Perform, type Present, read } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { placeOf, rowIn, rowsIn } from "./rows.ts";

const disk = {
  fields: "devpath parent used size type model serial health wearout rpm gpt mounted by_id_link",
  units: { size: "bytes" },
} as const;

/** -1 and "unknown" stand for what PVE doesn't know. */
const diskRows: Present = (data) => ({
  rows: rowsIn(data).map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([, value]) => value !== -1 && value !== "unknown" && value !== "N/A"),
    ),
  ),
});

/** The attributes of an ATA disk, or the text of another. */
const smart: Present = (data, { values }) => {
  const { health, attributes, text } = rowIn(data);
  const summary = `Health of ${values.disk} on ${values.node}: ${health ?? "PVE doesn't say"}`;
  if (typeof text === "string" && text !== "") return { summary, lines: text.trimEnd().split("\n") };
  return { summary, rows: rowsIn(attributes) };
};

/** A volume group a row, its disks inside. */
const volumeGroups: Present = (data) => ({
  rows: rowsIn(rowIn(data).children).map(({ children, name, ...rest }) => ({
    ...rest,
    vg: name,
    disks: rowsIn(children).map((disk) => disk.name),
  })),
});

/** PVE answers with an error where ZFS isn't installed. */
const pools: Perform = async (acting, values) => {
  try {
    return await acting.send("GET /nodes/{node}/disks/zfs", values);
  } catch (error) {
    if (error instanceof PveError && /not installed/.test(error.sentence)) return { data: error.sentence };
    throw error;
  }
};

const poolRows: Present = (data, { values }) =>
  typeof data === "string" ? { summary: `ZFS is not installed on ${values.node}`, rows: [], notes: [data.trim()] } : {};

/** Their name is the last part of their path; PVE doesn't send it. */
const directories: Present = (data) => ({
  rows: rowsIn(data).map((row) => ({ name: String(row.path).split("/").at(-1), ...row })),
});

/** The disk as PVE lists it afterwards. */
const diskAfter: Present = async (_, ground) => {
  const { data } = await ground.read("GET /nodes/{node}/disks/list", placeOf(ground, "node"));
  const row = rowsIn(data).find(({ devpath }) => devpath === ground.values.disk);
  return row ? { record: row } : {};
};

export const nodeDiskTools = [
  tool("proxmox_node_disk", "Disks of a node", {
    list: read("GET /nodes/{node}/disks/list", {
      names: { "include-partitions": "include_partitions", skipsmart: "skip_smart" },
      show: ["include-partitions", "skipsmart", "type"],
      ...disk,
      present: diskRows,
      done: "{count} disks of {node}",
    }),
    smart: read("GET /nodes/{node}/disks/smart", {
      names: { healthonly: "health_only" },
      show: ["healthonly"],
      hints: { disk: "such as /dev/sda" },
      present: smart,
      fields: "id name value worst threshold raw fail",
    }),
    lvm: read("GET /nodes/{node}/disks/lvm", {
      present: volumeGroups,
      fields: "vg size free lvcount disks",
      units: { size: "bytes" },
      done: "{count} LVM volume groups of {node}",
    }),
    zfs: read("GET /nodes/{node}/disks/zfs", {
      perform: pools,
      present: poolRows,
      fields: "name health size alloc free frag dedup",
      units: { size: "bytes", alloc: "bytes" },
      done: "{count} ZFS pools of {node}",
    }),
    lvmthin: read("GET /nodes/{node}/disks/lvmthin", {
      fields: "lv vg lv_size used metadata_size metadata_used",
      units: { lv_size: "bytes", metadata_size: "bytes", metadata_used: "bytes" },
      done: "{count} LVM thin pools of {node}",
    }),
    directory: read("GET /nodes/{node}/disks/directory", {
      present: directories,
      fields: "name path device type options",
      done: "{count} directories on disks of {node}",
    }),
  }),
  tool("proxmox_node_disk_admin", "Overwrite a disk: partition table, or all of it", {
    init_gpt: destroy("POST /nodes/{node}/disks/initgpt", {
      show: ["uuid"],
      ...disk,
      present: diskAfter,
      done: "Disk {disk} of {node} has a new GPT",
    }),
    wipe: destroy("PUT /nodes/{node}/disks/wipedisk", {
      ...disk,
      present: diskAfter,
      done: "Disk {disk} of {node} was wiped",
    }),
  }),
];
