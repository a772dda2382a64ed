// Owns what PVE refuses with a 400 although each argument by itself is right: rules between arguments, which stand
// in PVE's code and not in its description.
import { elementsOf } from "./coerce.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { type Endpoint, endpoint, parameterOf } from "./registry.ts";

type Values = ReadonlyMap<string, unknown>;
type Rule = (endpoint: Endpoint, values: Values, present: ReadonlySet<string>) => Problem | undefined;

/** The problems between arguments that are right each by itself; `present` names all that were given. */
export function checkRules(endpoint: Endpoint, values: Values, present: ReadonlySet<string>): Problem[] {
  const problems = checkDelete(endpoint, values, present);
  for (const [applies, rule] of RULES) {
    if (!applies.test(endpoint.key)) continue;
    const problem = rule(endpoint, values, present);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

const RULES: readonly (readonly [RegExp, Rule])[] = [
  [/^POST .*\/firewall\/(?:rules|groups\/\{group\})$/, needsProtocol],
  [/^POST .*\/firewall\/(?:rules|groups\/\{group\})$/, verdict],
  [/^POST \/nodes\/\{node\}\/(?:(?:qemu|lxc)\/\{vmid\}\/migrate|migrateall)$/, otherNode],
  [/^POST .*\/(?:move_disk|move_volume)$/, eitherOf("storage", "target-vmid")],
  [/^POST \/cluster\/backup$/, eitherOf("schedule", "starttime")],
  [/^POST \/cluster\/notifications\/endpoints\/(?:smtp|sendmail)$/, eitherOf("mailto", "mailto-user")],
  [/^POST \/nodes\/\{node\}\/vzdump$/, notBoth("all", "vmid")],
  [/^PUT \/access\/acl$/, aclPath],
  [/^PUT \/nodes\/\{node\}\/qemu\/\{vmid\}\/unlink$/, options("idlist")],
];

/** In a guest's config an option can't be set and deleted at once, nor deleted when there is none of its name (facts 17). */
function checkDelete(endpoint: Endpoint, values: Values, present: ReadonlySet<string>): Problem[] {
  const given = values.get("delete");
  if (given === undefined || !/\/(?:qemu|lxc)\/\{vmid\}\/config$/.test(endpoint.path)) return [];
  const problems: Problem[] = [];
  for (const name of elementsOf(given, true).map(String)) {
    if (present.has(name)) problems.push(conflict("delete", `without ${name}, which is given a value`, name));
    const unknown = notAnOption(endpoint, "delete", name);
    if (unknown !== undefined) problems.push(unknown);
  }
  return problems;
}

function notAnOption(config: Endpoint, argument: string, name: string): Problem | undefined {
  if (parameterOf(config, name) !== undefined) return undefined;
  const near = nearest(name, config.parameters.keys());
  return conflict(
    argument,
    `a list of options of the guest${near === undefined ? "" : `, did you mean ${near}?`}`,
    name,
  );
}

/** A list of options of a virtual machine. */
function options(argument: string): Rule {
  return (_, values) => {
    const config = endpoint("PUT /nodes/{node}/qemu/{vmid}/config");
    const names = values.has(argument) ? elementsOf(values.get(argument), true).map(String) : [];
    return names.map((name) => notAnOption(config, argument, name)).find((problem) => problem !== undefined);
  };
}

function conflict(argument: string, allowed: string, given?: string): Problem {
  return {
    argument,
    kind: "invalid",
    allowed,
    ...(given === undefined ? {} : { given: JSON.stringify(given.slice(0, 56)) }),
  };
}

/** Facts 39: a port means nothing without a protocol; a macro brings its own. */
function needsProtocol(_: Endpoint, __: Values, present: ReadonlySet<string>): Problem | undefined {
  const port = ["dport", "sport"].find((name) => present.has(name));
  if (port === undefined || present.has("proto") || present.has("macro")) return undefined;
  return { argument: "proto", kind: "requires", allowed: `${port} needs it` };
}

/** A rule's `action` and `type`, by the names that clients see where theirs are other ones. */
function verdict(_: Endpoint, values: Values): Problem | undefined {
  const name = values.has("rule_action") ? "rule_action" : "action";
  const [action, type] = [values.get(name), values.get("rule_type") ?? values.get("type")];
  if (action === undefined || type === "group" || /^(?:ACCEPT|DROP|REJECT)$/.test(String(action))) return undefined;
  return conflict(name, "one of ACCEPT, DROP, REJECT, or a security group's name with type group", String(action));
}

function otherNode(_: Endpoint, values: Values): Problem | undefined {
  const target = values.get("target");
  return target !== undefined && target === values.get("node")
    ? conflict("target", "another node", String(target))
    : undefined;
}

function eitherOf(one: string, other: string): Rule {
  return (_, __, present) =>
    present.has(one) || present.has(other)
      ? undefined
      : { argument: one, kind: "requires", allowed: `either it or ${other} is needed` };
}

function notBoth(one: string, other: string): Rule {
  return (_, values) =>
    values.get(one) === true && values.has(other) ? conflict(one, `left out together with ${other}`) : undefined;
}

/** The roots of the paths that privileges are given on. */
function aclPath(_: Endpoint, values: Values): Problem | undefined {
  const path = values.get("path");
  if (path === undefined || /^\/*(?:$|(?:access|mapping|nodes|pool|sdn|storage|vms)(?:\/|$))/.test(String(path)))
    return undefined;
  return conflict("path", "/, or a path under /access, /mapping, /nodes, /pool, /sdn, /storage, /vms", String(path));
}
