// /cluster/ha/groups and rules: where HA resources may run. Up to 8.4 by groups, from 9.0 on by rules (facts 46, 53).
import { failure } from "../engine/error.ts";
import { assertDigest, digestOf, staleDigest } from "../engine/guest-config.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { HighAvailability } from "../engine/state.ts";
import { haFile } from "../guests/ha.ts";
import { enforce } from "./ha-request.ts";

type Section = Record<string, string>;

function ha({ cluster }: Call): HighAvailability {
  cluster.state.ha ??= { resources: [], groups: {}, rules: {} };
  return cluster.state.ha;
}

const digest = (sections: Record<string, Section>) =>
  digestOf(Object.keys(sections).length === 0 ? "" : JSON.stringify(sections));

const flags = ["disable", "nofailback", "restricted", "strict"];

function shown(section: Section): Record<string, unknown> {
  const entries = Object.entries(section).map(([name, value]) => [name, flags.includes(name) ? Number(value) : value]);
  return Object.fromEntries(entries);
}

/** A handler of groups: 9.x has the endpoints still, and refuses them all. */
function upTo8(action: string, handler: Handler): Handler {
  return (call) => {
    if (call.cluster.state.release === "8.4") return handler(call);
    throw failure(`cannot ${action}: ha groups have been migrated to rules`);
  };
}

/** The manager looks anew where these resources may be. */
function place({ cluster }: Call, sids: readonly string[]): void {
  for (const sid of sids) {
    const guest = cluster.guest(Number(sid.split(":")[1]));
    if (guest !== undefined) enforce(cluster, guest);
  }
}

const inGroup = ({ cluster }: Call, group: string): string[] =>
  Object.entries(haFile(cluster.state)).flatMap(([sid, { options }]) => (options.group === group ? [sid] : []));

function groupRow(call: Call, group: string): unknown {
  const { groups } = ha(call);
  return { ...shown(groups[group] ?? {}), digest: digest(groups), group, type: "group" };
}

function neededGroup(call: Call): string {
  const group = call.params.need("group");
  if (ha(call).groups[group] === undefined) throw failure(`no such ha group '${group}'`);
  return group;
}

function createGroup(call: Call): null {
  const { groups } = ha(call);
  const group = call.params.need("group");
  if (groups[group] !== undefined) throw failure(`create ha group failed: ha group ID '${group}' already defined`);
  groups[group] = call.params.rest("group", "type");
  return null;
}

function updateGroup(call: Call): null {
  const group = neededGroup(call);
  const { groups } = ha(call);
  assertDigest(digest(groups), call.params.text("digest"), staleDigest.other);
  groups[group] = changed(call, groups[group] ?? {}, "group");
  place(call, inGroup(call, group));
  return null;
}

/** A group that a resource is in stays. */
function deleteGroup(call: Call): null {
  const group = neededGroup(call);
  if (inGroup(call, group).length > 0) throw failure("delete ha group failed: ha group is still used by service");
  delete ha(call).groups[group];
  return null;
}

function changed({ params }: Call, section: Section, id: string): Section {
  const kept = Object.entries(section).filter(([name]) => !params.list("delete").includes(name));
  return { ...Object.fromEntries(kept), ...params.rest(id, "delete", "digest", "type") };
}

/** Rules are numbered in their order. */
function ruleRow(call: Call, rule: string): unknown {
  const { rules } = ha(call);
  return { ...shown(rules[rule] ?? {}), digest: digest(rules), order: Object.keys(rules).indexOf(rule) + 1, rule };
}

function listRules(call: Call): unknown {
  const { params } = call;
  const [type, resource] = [params.text("type"), params.text("resource")];
  return Object.entries(ha(call).rules)
    .filter(([, section]) => type === undefined || section.type === type)
    .filter(([, section]) => resource === undefined || section.resources?.split(",").includes(resource) === true)
    .map(([rule]) => ruleRow(call, rule));
}

/** A node affinity rule whose nodes have priorities that differ. */
function hasPriorities({ nodes = "" }: Section): boolean {
  return new Set(nodes.split(",").map((node) => node.split(":")[1] ?? "0")).size > 1;
}

/** What makes a new rule impossible beside those that there are (facts 53). */
function conflictOf(call: Call): string | undefined {
  const { params } = call;
  const wanted = params.list("resources");
  const others = Object.values(ha(call).rules).filter(
    (rule) => rule.disable !== "1" && rule.resources?.split(",").some((sid) => wanted.includes(sid)) === true,
  );
  if (params.need("type") === "node-affinity") {
    const together = others.some((rule) => rule.type === "resource-affinity");
    if (!together || !hasPriorities({ nodes: params.text("nodes") ?? "" })) return undefined;
    return "resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities";
  }
  const texts = [
    ...(wanted.length < 2 ? ["rule is ineffective as there are less than two resources"] : []),
    ...(others.some((rule) => rule.type === "node-affinity" && hasPriorities(rule))
      ? ["resources are in node affinity rules with multiple priorities"]
      : []),
  ];
  return texts.length === 0 ? undefined : texts.join(", ");
}

function createRule(call: Call): null {
  const { rules, resources } = ha(call);
  const rule = call.params.need("rule");
  const wrong = (text: string) => failure(`create ha rule failed: ${text}`);
  if (rules[rule] !== undefined) throw wrong(`HA rule '${rule}' already defined`);
  const unmanaged = call.params.list("resources").filter((sid) => !resources.includes(sid));
  if (unmanaged.length > 0) throw wrong(`cannot use unmanaged resource(s) ${unmanaged.join(", ")}.`);
  const conflict = conflictOf(call);
  if (conflict !== undefined) throw wrong(`400 Rule '${rule}' is invalid.\nresources: ${conflict}`);
  const strict = call.params.need("type") === "node-affinity" ? { strict: "0" } : {};
  rules[rule] = { ...strict, ...call.params.rest("rule") };
  place(call, call.params.list("resources"));
  return null;
}

function neededRule(call: Call): string {
  const rule = call.params.need("rule");
  if (ha(call).rules[rule] === undefined) throw failure(`no such ha rule '${rule}'`);
  return rule;
}

function updateRule(call: Call): null {
  const rule = neededRule(call);
  const { rules } = ha(call);
  const section = rules[rule] ?? {};
  assertDigest(digest(rules), call.params.text("digest"), staleDigest.other);
  if (call.params.need("type") !== section.type) throw failure("update HA rules failed: unexpected property 'type'");
  rules[rule] = { ...changed(call, section, "rule"), type: section.type ?? "" };
  place(call, (rules[rule].resources ?? "").split(","));
  return null;
}

export const haPlacement: Handlers = {
  "GET /cluster/ha/groups": upTo8("index groups", (call) =>
    Object.keys(ha(call).groups).map((group) => groupRow(call, group)),
  ),
  "POST /cluster/ha/groups": upTo8("create group", createGroup),
  "GET /cluster/ha/groups/{group}": upTo8("read group", (call) => groupRow(call, neededGroup(call))),
  "PUT /cluster/ha/groups/{group}": upTo8("update group", updateGroup),
  "DELETE /cluster/ha/groups/{group}": upTo8("delete group", deleteGroup),
  "GET /cluster/ha/rules": listRules,
  "POST /cluster/ha/rules": createRule,
  "GET /cluster/ha/rules/{rule}": (call) => ruleRow(call, neededRule(call)),
  "PUT /cluster/ha/rules/{rule}": updateRule,
  "DELETE /cluster/ha/rules/{rule}": (call) => {
    delete ha(call).rules[call.params.need("rule")];
    return null;
  },
};
