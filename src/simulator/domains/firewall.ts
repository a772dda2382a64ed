// The firewall of the cluster, of nodes, guests and vnets: one set of handlers, a table a scope.
import type { Handler, Handlers } from "../engine/handler.ts";
import { macros } from "./firewall-macros.ts";
import { groupHandlers, ruleHandlers, rulesIn, rulesOfGroup } from "./firewall-rules.ts";
import { scopes } from "./firewall-scope.ts";
import { aliasHandlers, ipsetHandlers, optionHandlers, refs } from "./firewall-sets.ts";

const places =
  (names: string): Handler =>
  () =>
    names.split(" ").map((name) => ({ name }));
const emptyLog: Handler = ({ extras }) => {
  extras.total = 1;
  return [{ n: 1, t: "no content" }];
};

const cluster = {
  rules: ruleHandlers(rulesIn(scopes.cluster)),
  groups: groupHandlers(scopes.cluster),
  groupRules: ruleHandlers(rulesOfGroup(scopes.cluster)),
  aliases: aliasHandlers(scopes.cluster),
  ipset: ipsetHandlers(scopes.cluster),
  options: optionHandlers(scopes.cluster, "PUT /cluster/firewall/options"),
};

const node = {
  rules: ruleHandlers(rulesIn(scopes.node)),
  options: optionHandlers(scopes.node, "PUT /nodes/{node}/firewall/options"),
};

const vnet = {
  rules: ruleHandlers(rulesIn(scopes.vnet)),
  options: optionHandlers(scopes.vnet, "PUT /cluster/sdn/vnets/{vnet}/firewall/options"),
};

/** A guest's table; both kinds have the same. */
function guest<T extends "qemu" | "lxc">(type: T): Handlers {
  const base = `/nodes/{node}/${type}/{vmid}/firewall` as const;
  const rules = ruleHandlers(rulesIn(scopes.guest));
  const aliases = aliasHandlers(scopes.guest);
  const ipset = ipsetHandlers(scopes.guest);
  const options = optionHandlers(scopes.guest, `PUT ${base}/options`);
  return {
    [`GET ${base}`]: places("rules aliases ipset refs log options"),
    [`GET ${base}/rules`]: rules.list,
    [`POST ${base}/rules`]: rules.create,
    [`GET ${base}/rules/{pos}`]: rules.one,
    [`PUT ${base}/rules/{pos}`]: rules.update,
    [`DELETE ${base}/rules/{pos}`]: rules.remove,
    [`GET ${base}/aliases`]: aliases.list,
    [`POST ${base}/aliases`]: aliases.create,
    [`GET ${base}/aliases/{name}`]: aliases.one,
    [`PUT ${base}/aliases/{name}`]: aliases.update,
    [`DELETE ${base}/aliases/{name}`]: aliases.remove,
    [`GET ${base}/ipset`]: ipset.list,
    [`POST ${base}/ipset`]: ipset.create,
    [`GET ${base}/ipset/{name}`]: ipset.entries,
    [`POST ${base}/ipset/{name}`]: ipset.add,
    [`DELETE ${base}/ipset/{name}`]: ipset.remove,
    [`GET ${base}/ipset/{name}/{cidr}`]: ipset.entry,
    [`PUT ${base}/ipset/{name}/{cidr}`]: ipset.change,
    [`DELETE ${base}/ipset/{name}/{cidr}`]: ipset.drop,
    [`GET ${base}/options`]: options.read,
    [`PUT ${base}/options`]: options.update,
    [`GET ${base}/refs`]: refs(scopes.guest),
    [`GET ${base}/log`]: emptyLog,
  };
}

export const firewall: Handlers = {
  "GET /cluster/firewall": places("aliases groups ipset macros options refs rules"),
  "GET /cluster/firewall/macros": () => macros.map((macro) => ({ descr: macro, macro })),
  "GET /cluster/firewall/refs": refs(scopes.cluster),
  "GET /cluster/firewall/rules": cluster.rules.list,
  "POST /cluster/firewall/rules": cluster.rules.create,
  "GET /cluster/firewall/rules/{pos}": cluster.rules.one,
  "PUT /cluster/firewall/rules/{pos}": cluster.rules.update,
  "DELETE /cluster/firewall/rules/{pos}": cluster.rules.remove,
  "GET /cluster/firewall/groups": cluster.groups.list,
  "POST /cluster/firewall/groups": cluster.groups.create,
  "GET /cluster/firewall/groups/{group}": cluster.groupRules.list,
  "POST /cluster/firewall/groups/{group}": cluster.groupRules.create,
  "DELETE /cluster/firewall/groups/{group}": cluster.groups.remove,
  "GET /cluster/firewall/groups/{group}/{pos}": cluster.groupRules.one,
  "PUT /cluster/firewall/groups/{group}/{pos}": cluster.groupRules.update,
  "DELETE /cluster/firewall/groups/{group}/{pos}": cluster.groupRules.remove,
  "GET /cluster/firewall/aliases": cluster.aliases.list,
  "POST /cluster/firewall/aliases": cluster.aliases.create,
  "GET /cluster/firewall/aliases/{name}": cluster.aliases.one,
  "PUT /cluster/firewall/aliases/{name}": cluster.aliases.update,
  "DELETE /cluster/firewall/aliases/{name}": cluster.aliases.remove,
  "GET /cluster/firewall/ipset": cluster.ipset.list,
  "POST /cluster/firewall/ipset": cluster.ipset.create,
  "GET /cluster/firewall/ipset/{name}": cluster.ipset.entries,
  "POST /cluster/firewall/ipset/{name}": cluster.ipset.add,
  "DELETE /cluster/firewall/ipset/{name}": cluster.ipset.remove,
  "GET /cluster/firewall/ipset/{name}/{cidr}": cluster.ipset.entry,
  "PUT /cluster/firewall/ipset/{name}/{cidr}": cluster.ipset.change,
  "DELETE /cluster/firewall/ipset/{name}/{cidr}": cluster.ipset.drop,
  "GET /cluster/firewall/options": cluster.options.read,
  "PUT /cluster/firewall/options": cluster.options.update,
  "GET /nodes/{node}/firewall": places("rules options log"),
  "GET /nodes/{node}/firewall/rules": node.rules.list,
  "POST /nodes/{node}/firewall/rules": node.rules.create,
  "GET /nodes/{node}/firewall/rules/{pos}": node.rules.one,
  "PUT /nodes/{node}/firewall/rules/{pos}": node.rules.update,
  "DELETE /nodes/{node}/firewall/rules/{pos}": node.rules.remove,
  "GET /nodes/{node}/firewall/options": node.options.read,
  "PUT /nodes/{node}/firewall/options": node.options.update,
  "GET /nodes/{node}/firewall/log": emptyLog,
  "GET /cluster/sdn/vnets/{vnet}/firewall": places("options rules"),
  "GET /cluster/sdn/vnets/{vnet}/firewall/rules": vnet.rules.list,
  "POST /cluster/sdn/vnets/{vnet}/firewall/rules": vnet.rules.create,
  "GET /cluster/sdn/vnets/{vnet}/firewall/rules/{pos}": vnet.rules.one,
  "PUT /cluster/sdn/vnets/{vnet}/firewall/rules/{pos}": vnet.rules.update,
  "DELETE /cluster/sdn/vnets/{vnet}/firewall/rules/{pos}": vnet.rules.remove,
  "GET /cluster/sdn/vnets/{vnet}/firewall/options": vnet.options.read,
  "PUT /cluster/sdn/vnets/{vnet}/firewall/options": vnet.options.update,
  ...guest("qemu"),
  ...guest("lxc"),
};
