// What the cluster's firewall rules may name: aliases, and IP sets with their entries.
import { type Compose, destroy, type Perform, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const alias = { at: "GET /cluster/firewall/aliases", by: "name" } as const;
const set = { at: "GET /cluster/firewall/ipset", by: "name" } as const;
const sets = "POST /cluster/firewall/ipset";
const entry = "/cluster/firewall/ipset/{name}/{cidr}";

/** PVE writes an alias and an entry anew: what the call doesn't name stays only if it is sent again. */
const kept =
  (...names: string[]): Compose =>
  ({ values, before }) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = values[name] ?? before?.[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );

/** PVE changes a set by creating it: `rename` is the name it had, `name` the one it gets. */
const setChanged: Perform = ({ send }, { name, rename, ...others }) =>
  send(sets, { ...others, name: rename ?? name, rename: name });

/** A set that goes with its entries tells which they were. */
const withEntries: Perform = async ({ read: ask, send }, values) => {
  const { data } = await ask("GET /cluster/firewall/ipset/{name}", { name: String(values.name) });
  await send("DELETE /cluster/firewall/ipset/{name}", values);
  return { data };
};

export const firewallSetTools = [
  tool("proxmox_cluster_firewall_alias", "Firewall aliases: names of addresses and networks", {
    list: read("GET /cluster/firewall/aliases", { done: "{count} aliases", fields: "name cidr comment" }),
    get: read("GET /cluster/firewall/aliases/{name}", { done: "Alias {name}", fields: "name cidr comment" }),
    create: write("POST /cluster/firewall/aliases", { show: ["comment"], done: "Alias {name} was created" }),
    update: write("PUT /cluster/firewall/aliases/{name}", {
      show: ["cidr", "comment", "rename"],
      optional: ["cidr"],
      replaces: alias,
      compose: kept("cidr", "comment"),
      done: "Alias {name} was changed",
    }),
    delete: destroy("DELETE /cluster/firewall/aliases/{name}", { replaces: alias, done: "Alias {name} was deleted" }),
  }),
  tool("proxmox_cluster_firewall_ipset", "Firewall IP sets: named sets of addresses", {
    list: read("GET /cluster/firewall/ipset", { done: "{count} IP sets", fields: "name comment" }),
    create: write(sets, {
      show: ["comment"],
      present: (_, { values }) =>
        values.rename === undefined ? {} : { summary: `IP set ${values.rename} is ${values.name} now` },
      done: "IP set {name} was created",
    }),
    update: write(sets, {
      show: ["rename", "comment"],
      replaces: set,
      perform: setChanged,
      done: "IP set {name} was changed",
    }),
    delete: destroy("DELETE /cluster/firewall/ipset/{name}", {
      show: ["force"],
      hints: { force: "with its entries" },
      replaces: set,
      perform: withEntries,
      done: "IP set {name} was deleted, and with it {count} entries",
      fields: "cidr nomatch comment",
    }),
  }),
  tool("proxmox_cluster_firewall_ipset_entry", "IP set entries: addresses and networks in a set", {
    list: read("GET /cluster/firewall/ipset/{name}", {
      done: "{count} entries of IP set {name}",
      fields: "cidr nomatch comment",
    }),
    create: write("POST /cluster/firewall/ipset/{name}", {
      show: ["nomatch", "comment"],
      hints: { nomatch: "exclude it" },
      done: "{cidr} was added to IP set {name}",
    }),
    update: write(`PUT ${entry}`, {
      show: ["nomatch", "comment"],
      replaces: `GET ${entry}`,
      compose: kept("nomatch", "comment"),
      done: "{cidr} of IP set {name} was changed",
    }),
    delete: destroy(`DELETE ${entry}`, { replaces: `GET ${entry}`, done: "{cidr} was taken out of IP set {name}" }),
  }),
];
