// What the cluster's firewall rules may name: aliases, and IP sets with their entries.
import { kept, madeFrom, setChanged, setGone, withEntries } from "../handlers/firewall-objects.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const alias = { at: "GET /cluster/firewall/aliases", by: "name" } as const;
const set = { at: "GET /cluster/firewall/ipset", by: "name" } as const;
const sets = "POST /cluster/firewall/ipset";
const entry = "/cluster/firewall/ipset/{name}/{cidr}";

export const firewallSetTools = [
  tool("proxmox_cluster_firewall_alias", "Firewall aliases: names of networks", {
    list: read("GET /cluster/firewall/aliases", { done: "{count} aliases", fields: "name cidr comment" }),
    get: read("GET /cluster/firewall/aliases/{name}", { done: "Alias {name}", fields: "name cidr comment" }),
    create: write("POST /cluster/firewall/aliases", { done: "Alias {name} was created" }),
    update: write("PUT /cluster/firewall/aliases/{name}", {
      show: ["cidr", "rename"],
      optional: ["cidr"],
      replaces: alias,
      compose: kept("cidr", "comment"),
      done: "Alias {name} was changed",
    }),
    delete: destroy("DELETE /cluster/firewall/aliases/{name}", { replaces: alias, done: "Alias {name} was deleted" }),
  }),
  tool("proxmox_cluster_firewall_ipset", "Firewall IP sets", {
    list: read("GET /cluster/firewall/ipset", { done: "{count} IP sets", fields: "name comment" }),
    create: write(sets, {
      present: madeFrom("name"),
      done: "IP set {name} was created",
    }),
    update: write(sets, {
      show: ["rename"],
      replaces: set,
      perform: setChanged,
      done: "IP set {name} was changed",
    }),
    delete: destroy("DELETE /cluster/firewall/ipset/{name}", {
      show: ["force"],
      replaces: set,
      perform: withEntries,
      present: setGone,
      done: "IP set {name} was deleted, and with it {count} entries",
      fields: "cidr nomatch comment",
    }),
  }),
  tool("proxmox_cluster_firewall_ipset_entry", "Entries of IP sets", {
    list: read("GET /cluster/firewall/ipset/{name}", {
      done: "{count} entries of IP set {name}",
      fields: "cidr nomatch comment",
    }),
    create: write("POST /cluster/firewall/ipset/{name}", {
      show: ["nomatch"],
      done: "{cidr} was added to IP set {name}",
    }),
    update: write(`PUT ${entry}`, {
      replaces: `GET ${entry}`,
      compose: kept("nomatch", "comment"),
      done: "{cidr} of IP set {name} was changed",
    }),
    delete: destroy(`DELETE ${entry}`, { replaces: `GET ${entry}`, done: "{cidr} was taken out of IP set {name}" }),
  }),
];
