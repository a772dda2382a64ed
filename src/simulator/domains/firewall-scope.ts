// Which firewall file a request means, and how its values are shown.
import { shapeOf } from "../../schema/definition.ts";
import type { EndpointKey } from "../../schema/endpoints.gen.ts";
import { endpoint, parameterOf } from "../../schema/registry.ts";
import { assertDigest, digestOf, staleDigest } from "../engine/guest-config.ts";
import type { Call } from "../engine/handler.ts";
import { type Entry, listDigest } from "../engine/positions.ts";
import type { Firewall } from "../engine/state.ts";

export type Row = Record<string, unknown>;

/** The file of a call: the guest's, the vnet's, the node's, or the cluster's. */
export type ScopeOf = (call: Call) => string;

export const scopes = {
  cluster: () => "cluster",
  node: (call: Call) => `node/${call.node}`,
  guest: (call: Call) => `vm/${call.params.need("vmid")}`,
  vnet: (call: Call) => `vnet/${call.params.need("vnet")}`,
} as const;

export function firewallOf(call: Call, scope: ScopeOf): Firewall {
  const all = call.cluster.state.firewall;
  const name = scope(call);
  const file = all[name] ?? { options: {}, rules: [], aliases: {}, ipset: {}, groups: {} };
  all[name] = file;
  return file;
}

/** Numbers for what the endpoint declares as number or flag. */
export function typed(key: EndpointKey, values: Readonly<Record<string, string>>): Row {
  const declared = endpoint(key);
  const entries = Object.entries(values).map(([name, value]) => {
    const parameter = parameterOf(declared, name);
    const kind = parameter === undefined ? "string" : shapeOf(parameter.definition).kind;
    return [name, kind === "integer" || kind === "boolean" || kind === "number" ? Number(value) : value];
  });
  return Object.fromEntries(entries);
}

export function assertSame(call: Call, current: string): void {
  assertDigest(current, call.params.text("digest"), staleDigest.other);
}

export function valuesDigest(values: object): string {
  return digestOf(Object.keys(values).length === 0 ? "" : JSON.stringify(values));
}

const ruleKey = "POST /cluster/firewall/rules";

/** A rule as lists show it; the single one has its position as text (facts 23). */
export function shownRule(rule: Entry, rules: readonly Entry[], pos: number | string): Row {
  const version = ipVersion(rule.source) ?? ipVersion(rule.dest);
  return {
    ...typed(ruleKey, rule),
    digest: listDigest(rules),
    ...(version === undefined ? {} : { ipversion: version }),
    pos,
  };
}

export function ipVersion(address: string | undefined): 4 | 6 | undefined {
  if (address === undefined) return undefined;
  if (/^\d+\.\d+\.\d+\.\d+/.test(address)) return 4;
  return /^[0-9a-f]*:[0-9a-f:]+/i.test(address) ? 6 : undefined;
}
