// A node's logs and tasks.
import { span } from "../handlers/moments.ts";
import { journalLines, journalSpan, newestLines, syslogPage } from "../handlers/node-logs.ts";
import { newestFirst, stopped, taskFilter, taskLog, taskState, whereItRan } from "../handlers/node-tasks.ts";
import { read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const identity = "status exitstatus type id user tokenid starttime";

export const nodeLogTools = [
  tool("proxmox_node_log", "Node logs", {
    syslog: read("GET /nodes/{node}/syslog", {
      ...span,
      show: ["service", "limit"],
      compose: syslogPage,
      present: newestLines,
      done: "{count} lines of the system log of {node}",
    }),
    journal: read("GET /nodes/{node}/journal", {
      ...span,
      show: ["service", "lastentries"],
      compose: journalSpan,
      present: journalLines,
      done: "{count} lines of the journal of {node}",
    }),
  }),
  tool("proxmox_node_task", "Node tasks", {
    list: read("GET /nodes/{node}/tasks", {
      own: { ...span.own, "vmid?": "guest-name" },
      hints: span.hints,
      show: ["errors", "typefilter", "limit"],
      compose: taskFilter,
      present: newestFirst,
      done: "{count} tasks of {node}",
      fields: "starttime endtime type id status user tokenid upid",
    }),
    get: read("GET /nodes/{node}/tasks/{upid}/status", {
      optional: ["node"],
      compose: whereItRan,
      present: taskState,
      fields: `${identity} endtime took node`,
      units: { took: "duration" },
    }),
    log: read("GET /nodes/{node}/tasks/{upid}/log", {
      optional: ["node"],
      takes: ["start", "limit"],
      show: ["start", "limit"],
      compose: taskLog,
      present: newestLines,
      done: "{count} lines of the task's log",
    }),
    stop: write("DELETE /nodes/{node}/tasks/{upid}", {
      optional: ["node"],
      compose: whereItRan,
      present: stopped,
      fields: identity,
    }),
  }),
];
