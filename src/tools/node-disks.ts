// A node's disks, and what is made of them.
import { directories, diskAfter, diskRows, poolRows, pools, smart, volumeGroups } from "../handlers/node-disks.ts";
import { destroy, read } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const disk = {
  fields: "devpath parent used size type model serial health wearout rpm gpt mounted by_id_link",
  units: { size: "bytes" },
} as const;

export const nodeDiskTools = [
  tool("proxmox_node_disk", "Disks of a node", {
    list: read("GET /nodes/{node}/disks/list", {
      names: { "include-partitions": "include_partitions", skipsmart: "skip_smart" },
      show: ["include-partitions"],
      ...disk,
      present: diskRows,
      done: "{count} disks of {node}",
    }),
    smart: read("GET /nodes/{node}/disks/smart", {
      names: { healthonly: "health_only" },
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
  tool("proxmox_node_disk_admin", "Overwrite a disk", {
    init_gpt: destroy("POST /nodes/{node}/disks/initgpt", {
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
