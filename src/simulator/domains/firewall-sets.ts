// Firewall aliases, IP sets and options of every scope, and what rules may refer to.
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handler } from "../engine/handler.ts";
import type { IpSet } from "../engine/state.ts";
import { assertSame, firewallOf, ipVersion, type Row, type ScopeOf, typed, valuesDigest } from "./firewall-scope.ts";

const described = (comment: string | undefined) => (comment === undefined ? {} : { comment });

export function aliasHandlers(scope: ScopeOf) {
  const row = (name: string, { cidr, comment }: { cidr: string; comment?: string }): Row => ({
    cidr,
    ...described(comment),
    ipversion: ipVersion(cidr) ?? 4,
    name,
  });
  const found = (call: Call) => {
    const name = call.params.need("name");
    const alias = firewallOf(call, scope).aliases[name];
    if (alias === undefined) throw invalid({ name: "no such alias" });
    return { name, alias };
  };
  const list: Handler = (call) => {
    const { aliases } = firewallOf(call, scope);
    return Object.entries(aliases).map(([name, alias]) => ({ ...row(name, alias), digest: valuesDigest(aliases) }));
  };
  const one: Handler = (call) => {
    const { name, alias } = found(call);
    return row(name, alias);
  };
  const create: Handler = (call) => {
    const { aliases } = firewallOf(call, scope);
    const name = call.params.need("name");
    if (aliases[name] !== undefined) throw invalid({ name: `alias '${name}' already exists` });
    aliases[name] = { cidr: call.params.need("cidr"), ...described(call.params.text("comment")) };
    return null;
  };
  const update: Handler = (call) => {
    const { aliases } = firewallOf(call, scope);
    const { name } = found(call);
    assertSame(call, valuesDigest(aliases));
    const rename = call.params.text("rename");
    if (rename !== undefined && rename !== name && aliases[rename] !== undefined)
      throw invalid({ name: `alias '${rename}' already exists` });
    delete aliases[name];
    aliases[rename ?? name] = { cidr: call.params.need("cidr"), ...described(call.params.text("comment")) };
    return null;
  };
  const remove: Handler = (call) => {
    const { aliases } = firewallOf(call, scope);
    assertSame(call, valuesDigest(aliases));
    delete aliases[call.params.need("name")];
    return null;
  };
  return { list, one, create, update, remove };
}

export function ipsetHandlers(scope: ScopeOf) {
  const found = (call: Call): IpSet => {
    const name = call.params.need("name");
    const set = firewallOf(call, scope).ipset[name];
    if (set === undefined) throw failure(`no such IPSet '${name}'`);
    return set;
  };
  const list: Handler = (call) => {
    const { ipset } = firewallOf(call, scope);
    const digest = valuesDigest(ipset);
    return Object.entries(ipset).map(([name, { comment }]) => ({ ...described(comment), digest, name }));
  };
  const create: Handler = (call) => {
    const { ipset } = firewallOf(call, scope);
    const name = call.params.need("name");
    const before = call.params.text("rename");
    const comment = described(call.params.text("comment"));
    if (before !== undefined) {
      const set = ipset[before];
      if (set === undefined) throw invalid({ name: `IPSet '${before}' does not exist` });
      if (before !== name && ipset[name] !== undefined) throw invalid({ name: `IPSet '${name}' already exists` });
      delete ipset[before];
      ipset[name] = { ...set, ...comment };
      return null;
    }
    if (ipset[name] !== undefined) throw invalid({ name: `IPSet '${name}' already exists` });
    ipset[name] = { ...comment, entries: [] };
    return null;
  };
  const remove: Handler = (call) => {
    const set = found(call);
    const name = call.params.need("name");
    if (set.entries.length > 0 && !call.params.flag("force")) throw failure(`IPSet '${name}' is not empty`);
    delete firewallOf(call, scope).ipset[name];
    return null;
  };
  const shown = (entry: IpSet["entries"][number], set: IpSet): Row => ({
    cidr: entry.cidr,
    ...described(entry.comment),
    digest: valuesDigest(set.entries),
    ...(entry.nomatch === "1" ? { nomatch: 1 } : {}),
  });
  const entries: Handler = (call) => {
    const set = found(call);
    return set.entries.map((entry) => shown(entry, set));
  };
  const entryOf = (call: Call, set: IpSet) => {
    const entry = set.entries.find(({ cidr }) => cidr === call.params.need("cidr"));
    if (entry === undefined) throw invalid({ cidr: "no such IP/Network" });
    return entry;
  };
  const add: Handler = (call) => {
    const set = found(call);
    const cidr = call.params.need("cidr");
    if (set.entries.some((entry) => entry.cidr === cidr)) throw invalid({ cidr: `address '${cidr}' already exists` });
    const nomatch = call.params.flag("nomatch") ? { nomatch: "1" } : {};
    set.entries.unshift({ cidr, ...described(call.params.text("comment")), ...nomatch });
    return null;
  };
  const entry: Handler = (call) => {
    const set = found(call);
    return shown(entryOf(call, set), set);
  };
  const change: Handler = (call) => {
    const set = found(call);
    assertSame(call, valuesDigest(set.entries));
    const target = entryOf(call, set);
    delete target.comment;
    delete target.nomatch;
    Object.assign(target, described(call.params.text("comment")), call.params.flag("nomatch") ? { nomatch: "1" } : {});
    return null;
  };
  const drop: Handler = (call) => {
    const set = found(call);
    set.entries = set.entries.filter(({ cidr }) => cidr !== call.params.need("cidr"));
    return null;
  };
  return { list, create, remove, entries, add, entry, change, drop };
}

const notOptions = ["node", "vmid", "vnet", "delete", "digest"];

export function optionHandlers(scope: ScopeOf, key: Parameters<typeof typed>[0]) {
  const read: Handler = (call) => {
    const { options } = firewallOf(call, scope);
    return { ...typed(key, options), digest: valuesDigest(options) };
  };
  const update: Handler = (call) => {
    const { options } = firewallOf(call, scope);
    assertSame(call, valuesDigest(options));
    for (const name of call.params.list("delete")) delete options[name];
    Object.assign(options, call.params.rest(...notOptions));
    return null;
  };
  return { read, update };
}

/** What a rule may name: the cluster's aliases and sets, and for a guest its own. */
export function refs(scope: ScopeOf): Handler {
  return (call) => {
    const wanted = call.params.text("type");
    const own = scope(call);
    const files =
      own === "cluster"
        ? [["dc", "cluster"]]
        : [
            ["dc", "cluster"],
            ["guest", own],
          ];
    return files.flatMap(([prefix = "", name = ""]) => {
      const file = call.cluster.state.firewall[name];
      const ref = (type: string, id: string, comment: string | undefined): Row => ({
        ...described(comment),
        name: id,
        ref: type === "ipset" ? `+${prefix}/${id}` : `${prefix}/${id}`,
        scope: prefix,
        type,
      });
      const aliases = Object.entries(file?.aliases ?? {}).map(([id, { comment }]) => ref("alias", id, comment));
      const sets = Object.entries(file?.ipset ?? {}).map(([id, { comment }]) => ref("ipset", id, comment));
      return [...aliases, ...sets].filter(({ type }) => wanted === undefined || type === wanted);
    });
  };
}
