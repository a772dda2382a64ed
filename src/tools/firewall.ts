// The cluster's firewall: options, rules, security groups.
import { groupChanged, madeFrom, offNote, renamedNote } from "../handlers/firewall-objects.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { ruleFields, rulesOf } from "./firewall-rules.ts";

const options = "GET /cluster/firewall/options";
const groups = "POST /cluster/firewall/groups";
const byName = { at: "GET /cluster/firewall/groups", by: "group" } as const;

const groupRules = rulesOf("/cluster/firewall/groups/{group}", { action: "rule_action" });

export const firewallTools = [
  tool("proxmox_cluster_firewall", "Cluster firewall", {
    get_options: read(options, {
      done: "Options of the cluster's firewall",
      present: offNote,
      fields: "enable policy_in policy_out policy_forward ebtables log_ratelimit",
    }),
    update_options: write("PUT /cluster/firewall/options", {
      show: ["enable", "policy_in"],
      replaces: options,
      done: "Options of the cluster's firewall were changed",
    }),
    list_macros: read("GET /cluster/firewall/macros", { done: "{count} macros", fields: "macro descr" }),
    list_refs: read("GET /cluster/firewall/refs", {
      done: "{count} aliases and IP sets that rules may name",
      fields: "ref type name scope comment",
    }),
  }),
  tool(
    "proxmox_cluster_firewall_rule",
    "Cluster firewall rules",
    rulesOf("/cluster/firewall/rules", { action: "rule_action" }),
  ),
  tool("proxmox_cluster_firewall_group", "Firewall security groups", {
    list: read("GET /cluster/firewall/groups", { done: "{count} security groups", fields: "group comment" }),
    get: read("GET /cluster/firewall/groups/{group}", {
      done: "{count} rules of security group {group}",
      fields: ruleFields,
    }),
    create: write(groups, {
      present: madeFrom("group"),
      done: "Security group {group} was created",
    }),
    update: write(groups, {
      show: ["rename", "comment"],
      own: { "delete?": ["===", "comment"] },
      unlisted: ["delete"],
      replaces: byName,
      perform: groupChanged,
      present: renamedNote,
      done: "Security group {group} was changed",
    }),
    delete: destroy("DELETE /cluster/firewall/groups/{group}", {
      replaces: byName,
      done: "Security group {group} was deleted",
    }),
    add_rule: groupRules.create,
    update_rule: groupRules.update,
    delete_rule: groupRules.delete,
  }),
];
