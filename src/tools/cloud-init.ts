// Cloud-init of VMs: what goes into the image, what of it is pending, the image made anew.

import { current, dumped, regenerated, settings, withDrive } from "../handlers/cloud-init.ts";
import { read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const cloudInitTools = [
  tool("proxmox_cloudinit", "Cloud-init", {
    get: read(settings, {
      present: current,
      fields: "key value pending removed",
      done: "{count} cloud-init settings of {guest}",
    }),
    dump: read("GET /nodes/{node}/qemu/{vmid}/cloudinit/dump", {
      names: { type: "dump_type" },
      present: dumped,
      done: "Cloud-init's {type} data of {guest}",
    }),
    regenerate: write("PUT /nodes/{node}/qemu/{vmid}/cloudinit", {
      compose: withDrive,
      present: regenerated,
      fields: "key value pending removed",
      done: "The cloud-init image of {guest} was made anew",
    }),
  }),
];
