// Firewall rules of every scope, and security groups, which are lists of rules too (facts 39).
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handler } from "../engine/handler.ts";
import { type Entry, entryAt, listDigest, moveEntry, removeEntry } from "../engine/positions.ts";
import { macros } from "./firewall-macros.ts";
import { assertSame, firewallOf, type Row, type ScopeOf, shownRule } from "./firewall-scope.ts";

export type RulesOf = (call: Call) => Entry[];

const notOptions = ["node", "vmid", "vnet", "group", "pos", "moveto", "delete", "digest"];

/** What PVE finds wrong with a rule as a whole. */
function assertRule(call: Call, rule: Entry): void {
  const errors: Record<string, string> = {};
  const { type, action, macro, proto } = rule;
  if (type === "group") {
    const known = call.cluster.state.firewall.cluster?.groups ?? {};
    if (action !== undefined && known[action] === undefined) errors.action = `no such security group '${action}'`;
  } else if (action !== undefined && !/^(?:ACCEPT|DROP|REJECT)$/.test(action)) {
    errors.action = `unknown action '${action}'`;
  }
  if (macro !== undefined && !macros.includes(macro)) errors.macro = `unknown macro '${macro}'`;
  if (proto === undefined && macro === undefined) {
    for (const name of ["dport", "sport", "icmp-type"]) {
      if (rule[name] !== undefined) errors.proto = `missing property - '${name}' requires this property`;
    }
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
}

export function ruleHandlers(rulesOf: RulesOf) {
  const list: Handler = (call) => {
    const rules = rulesOf(call);
    return rules.map((rule, pos) => shownRule(rule, rules, pos));
  };
  const one: Handler = (call): Row => {
    const rules = rulesOf(call);
    const pos = call.params.number("pos") ?? 0;
    return shownRule(entryAt(rules, pos), rules, String(pos));
  };
  const create: Handler = (call) => {
    const rule = { enable: "0", ...call.params.rest(...notOptions) };
    assertRule(call, rule);
    // PVE takes `pos` here and ignores it
    rulesOf(call).unshift(rule);
    return null;
  };
  const update: Handler = (call) => {
    const { params } = call;
    const rules = rulesOf(call);
    const pos = params.number("pos") ?? 0;
    assertSame(call, listDigest(rules));
    const rule = entryAt(rules, pos);
    const moveto = params.number("moveto");
    if (moveto !== undefined && moveto !== pos) {
      moveEntry(rules, pos, moveto);
      return null;
    }
    const removed = params.list("delete");
    const kept = Object.fromEntries(Object.entries(rule).filter(([name]) => !removed.includes(name)));
    const changed = { ...kept, ...params.rest(...notOptions) };
    assertRule(call, changed);
    rules[pos] = changed;
    return null;
  };
  const remove: Handler = (call) => {
    const rules = rulesOf(call);
    assertSame(call, listDigest(rules));
    removeEntry(rules, call.params.number("pos") ?? 0);
    return null;
  };
  return { list, one, create, update, remove };
}

export const rulesIn =
  (scope: ScopeOf): RulesOf =>
  (call) =>
    firewallOf(call, scope).rules;

/** The rules of the security group in the path. */
export function rulesOfGroup(scope: ScopeOf): RulesOf {
  return (call) => {
    const name = call.params.need("group");
    const group = firewallOf(call, scope).groups[name];
    if (group === undefined) throw failure(`no such security group '${name}'`);
    return group.rules;
  };
}

export function groupHandlers(scope: ScopeOf) {
  const rowsOf = (call: Call): Entry[] =>
    Object.entries(firewallOf(call, scope).groups)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([group, { comment }]) => ({ ...(comment ? { comment } : {}), group }));
  const list: Handler = (call) => {
    const all = rowsOf(call);
    return all.map((row) => ({ ...row, digest: listDigest(all) }));
  };
  const create: Handler = (call) => {
    const { groups } = firewallOf(call, scope);
    assertSame(call, listDigest(rowsOf(call)));
    const name = call.params.need("group");
    const comment = call.params.text("comment");
    const before = call.params.text("rename");
    const described = comment === undefined ? {} : { comment };
    if (before !== undefined) {
      const group = groups[before];
      if (group === undefined) throw failure(`no such security group '${before}'`);
      if (name !== before && groups[name] !== undefined)
        throw invalid({ group: `Security group '${name}' already exists` });
      delete groups[before];
      groups[name] = { ...group, ...described };
      return null;
    }
    if (groups[name] !== undefined) throw invalid({ group: `Security group '${name}' already exists` });
    groups[name] = { ...described, rules: [] };
    return null;
  };
  const remove: Handler = (call) => {
    const { groups } = firewallOf(call, scope);
    const name = call.params.need("group");
    const group = groups[name];
    if (group === undefined) throw failure(`no such security group '${name}'`);
    if (group.rules.length > 0) throw failure(`Security group '${name}' is not empty`);
    delete groups[name];
    return null;
  };
  return { list, create, remove };
}
