// A node's power, and all of its guests at once.
import { chosen, goingDown, guestTasks, takeDown, withWorkers } from "../handlers/node-power.ts";
import { destroy, type Options, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const all = (types: RegExp, ...show: string[]) =>
  ({
    own: { "vms?": "string" },
    show,
    compose: chosen,
    present: guestTasks(types),
    fields: "id type status starttime endtime upid",
  }) satisfies Options;

export const nodePowerTools = [
  tool("proxmox_node_bulk", "A node's guests, or those in vms", {
    start_all: write("POST /nodes/{node}/startall", all(/start$/, "force")),
    stop_all: write("POST /nodes/{node}/stopall", all(/(?:shutdown|stop)$/)),
    suspend_all: write("POST /nodes/{node}/suspendall", all(/suspend$/)),
    migrate_all: write("POST /nodes/{node}/migrateall", {
      ...all(/migrate$/, "maxworkers", "with-local-disks"),
      compose: withWorkers,
    }),
  }),
  tool("proxmox_node_power", "Power of a node: its guests go down with it", {
    shutdown: destroy("POST /nodes/{node}/status", {
      fixed: { command: "shutdown" },
      perform: takeDown,
      present: goingDown,
      done: "Node {node} was told to shut down",
    }),
    reboot: destroy("POST /nodes/{node}/status", {
      fixed: { command: "reboot" },
      perform: takeDown,
      present: goingDown,
      done: "Node {node} was told to reboot",
    }),
    wakeonlan: write("POST /nodes/{node}/wakeonlan", {
      present: (data, { values }) => ({ record: { node: values.node, mac: data } }),
      done: "A wake-on-LAN packet was sent for node {node}",
    }),
  }),
];
