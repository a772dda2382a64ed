// The network interfaces of guests: adding one, editing keys of one, removing one.

import { standingConfig } from "../handlers/guest-config.ts";
import { added, changedNic, nicsAfter, removed, updated } from "../handlers/guest-network.ts";
import { forAdd, forUpdate, further } from "../handlers/nic.ts";
import { write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const config = "PUT /nodes/{node}/{type}/{vmid}/config";

export const guestNetworkTools = [
  tool("proxmox_guest_network", "Guest network interfaces", {
    add: write(config, {
      takes: ["digest"],
      replaces: standingConfig,
      own: { "net?": "nic-slot", ...forAdd },
      unlisted: further,
      compose: added,
      present: nicsAfter,
      done: "Network interface added to {guest}",
    }),
    update: write(config, {
      takes: ["digest"],
      replaces: standingConfig,
      own: { net: "nic-slot", ...forUpdate },
      unlisted: further,
      compose: updated,
      present: changedNic,
      done: "Network interface {net} of {guest} was changed",
    }),
    remove: write(config, {
      takes: ["digest"],
      replaces: standingConfig,
      own: { net: "nic-slot" },
      compose: removed,
      present: nicsAfter,
      done: "Network interface {net} of {guest} was removed",
    }),
  }),
];
