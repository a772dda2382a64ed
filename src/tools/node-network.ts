// A node's network interfaces: changes are staged, then applied or dropped (facts 45).
import { applied, apply, merged, names, staged } from "../handlers/node-network.ts";
import { destroy, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const byHand = "PVE writes it by itself; another value is a matter of /etc/network/interfaces on the node";
const undigested = { digest: "the staged settings have none" };

const settings = {
  names,
  instead: {
    method: "PVE sets static where cidr (or address and netmask) is given, else manual",
    bridge_stp: byHand,
    bridge_fd: byHand,
    bond_miimon: byHand,
    ...undigested,
  },
  show: "cidr gateway autostart comments bridge_ports bond_mode slaves".split(" "),
};

const replaces = { at: "GET /nodes/{node}/network/{iface}", staged: true } as const;

export const nodeNetworkTools = [
  tool("proxmox_node_network_iface", "Change a node's network: staged until applied", {
    create: write("POST /nodes/{node}/network", { ...settings, present: staged, done: "{iface} is staged on {node}" }),
    update: write("PUT /nodes/{node}/network/{iface}", {
      ...settings,
      show: ["type", ...settings.show, "delete"],
      optional: ["type"],
      replaces,
      compose: merged,
      present: staged,
      done: "The change of {iface} is staged on {node}",
    }),
    delete: destroy("DELETE /nodes/{node}/network/{iface}", {
      instead: undigested,
      replaces,
      present: staged,
      done: "The deletion of {iface} is staged on {node}",
    }),
    apply: write("PUT /nodes/{node}/network", {
      own: { "revert?": "boolean" },
      unlisted: ["revert"],
      also: ["DELETE /nodes/{node}/network"],
      perform: apply,
      present: applied,
    }),
    revert: write("DELETE /nodes/{node}/network", { perform: apply, present: applied }),
  }),
];
