// A node's system: services, settings, subscription, packages, replication.
import { bothTimes, hostLines, nameServers, setZone, writeHosts, zoneSet } from "../handlers/node-config.ts";
import { newestLines } from "../handlers/node-logs.ts";
import { jobAt, jobLog, jobState, ranJob, runJob } from "../handlers/node-replication.ts";
import {
  noUpgrade,
  removeKey,
  serviceState,
  setKey,
  subscription,
  upgradable,
  versions,
} from "../handlers/node-system.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const contract = { present: subscription, units: { checktime: "moment" } } as const;
const unit = { fields: "name state active-state unit-state desc" };
const packages = { fields: "Package Version OldVersion CurrentState Origin" };

const job = {
  optional: ["node"],
  fields: "id state error fail_count last_sync last_try next_sync duration schedule source target guest rate disable",
  units: { last_sync: "moment", last_try: "moment", next_sync: "moment", duration: "duration" },
} as const;

export const nodeSystemTools = [
  tool("proxmox_node_service", "Node services", {
    list: read("GET /nodes/{node}/services", { ...unit, done: "{count} services of {node}" }),
    control: write("POST /nodes/{node}/services/{service}/{command}", {
      ...unit,
      forks: { command: ["start", "stop", "restart", "reload"] },
      present: serviceState,
      done: "Service {service} on {node}: {command} done",
    }),
  }),
  tool("proxmox_node_config", "Node settings", {
    get_time: read("GET /nodes/{node}/time", {
      present: bothTimes,
      done: "The time on {node}",
    }),
    set_time: write("PUT /nodes/{node}/time", {
      instead: { time: "chrony keeps the clock (`chronyc makestep` or `timedatectl set-time` on the node)" },
      perform: setZone,
      present: zoneSet,
      done: "The time zone of {node} is {timezone}",
    }),
    set_dns: write("PUT /nodes/{node}/dns", {
      own: { "delete?": "string" },
      optional: ["search"],
      show: ["search", "dns1", "dns2"],
      unlisted: ["delete"],
      replaces: "GET /nodes/{node}/dns",
      compose: nameServers,
      done: "DNS settings of {node} were set",
    }),
    get_hosts: read("GET /nodes/{node}/hosts", { present: hostLines, done: "/etc/hosts of {node}" }),
    set_hosts: write("POST /nodes/{node}/hosts", {
      own: { "ip?": "ip", "name?": "string", "comment?": "string" },
      optional: ["data"],
      unlisted: ["comment"],
      perform: writeHosts,
      present: hostLines,
      done: "/etc/hosts of {node} was written",
    }),
  }),
  tool("proxmox_node_subscription", "Node subscription", {
    get: read("GET /nodes/{node}/subscription", { ...contract, done: "Subscription of {node}" }),
    set: write("POST /nodes/{node}/subscription", {
      own: { key: "string" },
      also: ["PUT /nodes/{node}/subscription"],
      perform: setKey,
      ...contract,
      done: "The subscription key of {node} was set",
    }),
    delete: destroy("DELETE /nodes/{node}/subscription", { ...contract, perform: removeKey }),
  }),
  tool("proxmox_apt", "Packages of a node", {
    update: write("POST /nodes/{node}/apt/update", {
      ...packages,
      present: upgradable,
      done: "The lists of packages of {node} were fetched",
    }),
    upgrade: write("GET /nodes/{node}/apt/update", { ...packages, present: noUpgrade }),
    versions: read("GET /nodes/{node}/apt/versions", {
      ...packages,
      own: { "package?": "string" },
      present: versions,
      done: "{count} packages of {node}",
    }),
  }),
  tool("proxmox_node_replication", "Replication jobs on their node", {
    status: read("GET /nodes/{node}/replication/{id}/status", {
      ...job,
      compose: jobAt,
      present: jobState,
      done: "Replication job {id}",
    }),
    log: read("GET /nodes/{node}/replication/{id}/log", {
      optional: ["node"],
      compose: jobLog,
      present: newestLines,
      done: "{count} lines of the log of replication job {id}",
    }),
    schedule: write("POST /nodes/{node}/replication/{id}/schedule_now", {
      ...job,
      compose: jobAt,
      perform: runJob,
      present: ranJob,
    }),
  }),
];
