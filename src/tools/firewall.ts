// The cluster's firewall: options, rules, security groups.
import { destroy, type Perform, read, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { tool } from "../toolkit/tool.ts";
import { ruleFields, rulesOf } from "./firewall-rules.ts";

const options = "GET /cluster/firewall/options";
const groups = "POST /cluster/firewall/groups";
const byName = { at: "GET /cluster/firewall/groups", by: "group" } as const;

/** PVE changes a group by creating it: `rename` is the name it had, `group` the one it gets. */
const groupChanged: Perform = ({ send, values: { delete: cleared } }, { group, rename, ...others }) =>
  send(groups, { ...(cleared ? { comment: "" } : {}), ...others, group: rename ?? group, rename: group });

const groupRules = rulesOf("/cluster/firewall/groups/{group}", { action: "rule_action" });

export const firewallTools = [
  tool("proxmox_cluster_firewall", "Cluster firewall: its options, and what rules may name", {
    get_options: read(options, {
      done: "Options of the cluster's firewall",
      present: (data) => (isRow(data) && Number(data.enable ?? 0) === 0 ? { notes: ["The firewall is off."] } : {}),
      fields: "enable policy_in policy_out policy_forward ebtables log_ratelimit",
    }),
    update_options: write("PUT /cluster/firewall/options", {
      show: ["enable", "policy_in", "policy_out"],
      replaces: options,
      done: "Options of the cluster's firewall were changed",
    }),
    list_macros: read("GET /cluster/firewall/macros", { done: "{count} macros", fields: "macro descr" }),
    list_refs: read("GET /cluster/firewall/refs", {
      show: ["type"],
      done: "{count} aliases and IP sets that rules may name",
      fields: "ref type name scope comment",
    }),
  }),
  tool(
    "proxmox_cluster_firewall_rule",
    "Cluster firewall rules: by position, which shifts",
    rulesOf("/cluster/firewall/rules", { action: "rule_action" }),
  ),
  tool("proxmox_cluster_firewall_group", "Security groups: named sets of firewall rules", {
    list: read("GET /cluster/firewall/groups", { done: "{count} security groups", fields: "group comment" }),
    get: read("GET /cluster/firewall/groups/{group}", {
      done: "{count} rules of security group {group}",
      fields: ruleFields,
    }),
    create: write(groups, {
      show: ["comment"],
      present: (_, { values }) =>
        values.rename === undefined ? {} : { summary: `Security group ${values.rename} is ${values.group} now` },
      done: "Security group {group} was created",
    }),
    update: write(groups, {
      show: ["rename", "comment"],
      own: { "delete?": ["===", "comment"] },
      unlisted: ["delete"],
      replaces: byName,
      perform: groupChanged,
      present: (_, { values: { rename, group } }) =>
        rename === undefined || rename === group ? {} : { notes: ["Rules that name it by its old name still do."] },
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
