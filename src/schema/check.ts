// Owns the check of a call's arguments against an endpoint, before anything is sent. Brings ArkType in: import it
// dynamically, with the first call.
import { checkValue, type Place, type WireValue } from "./check-value.ts";
import { describe } from "./describe.ts";
import { lastIndex } from "./index-bounds.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { type Endpoint, type Parameter, parameterOf } from "./registry.ts";
import { checkRules } from "./rules.ts";
import { isSecret } from "./secret.ts";

export type { WireValue } from "./check-value.ts";
export type { Problem } from "./problem.ts";

/** What is sent, and all that is wrong; with a problem nothing is to be sent. */
export interface CheckedArguments {
  values: Record<string, WireValue>;
  problems: Problem[];
}

/**
 * Checks arguments by PVE's own names, path variables included, and brings them to the form in which they go on the
 * wire. null and undefined are as if absent.
 */
export function checkArguments(endpoint: Endpoint, given: Readonly<Record<string, unknown>>): CheckedArguments {
  const values = new Map<string, WireValue>();
  const problems: Problem[] = [];
  const present = new Set<string>();
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const parameter = name.endsWith("[n]") ? undefined : parameterOf(endpoint, name);
    const checked =
      parameter === undefined ? checkUndeclared(endpoint, name, value) : checkDeclared(parameter, name, value);
    present.add(name);
    problems.push(...checked.problems);
    if (checked.value !== undefined) values.set(name, checked.value);
  }
  problems.push(...checkPresence(endpoint, present), ...checkKinds(endpoint, values, present));
  problems.push(...checkRules(endpoint, values, present));
  return { values: Object.fromEntries(values), problems };
}

function checkDeclared(parameter: Parameter, name: string, value: unknown) {
  const place: Place = { argument: name, secret: isSecret(name), separator: "," };
  const checked = checkValue(parameter.definition, value, place);
  if (!parameter.inPath || checked.value === undefined || isSegment(String(checked.value))) return checked;
  const problem: Problem = {
    argument: name,
    kind: "invalid",
    given: JSON.stringify(String(value).slice(0, 60)),
    allowed: `${describe(parameter.definition)}, 1 to 1024 characters`,
  };
  return { problems: [problem] };
}

/** Whether a text can be a part of a path: neither empty nor a step up, and no longer than a server takes. */
const isSegment = (text: string): boolean => !/^\.{0,2}$/.test(text) && text.length <= 1024;

/** PVE lets undeclared parameters through at a few endpoints, as text. */
function checkUndeclared(endpoint: Endpoint, name: string, value: unknown) {
  if (endpoint.additional) return checkValue("string", value, { argument: name, secret: true, separator: "," });
  return { problems: [unknown(endpoint, name)] };
}

function unknown(endpoint: Endpoint, name: string): Problem {
  const [, family = "", index = "0"] = /^(.*?)(\d+)$/.exec(name) ?? [];
  if (endpoint.parameters.has(`${family}[n]`)) {
    return { argument: name, kind: "unknown", allowed: `${family}0 to ${family}${lastIndex(family)}` };
  }
  const names = [...endpoint.parameters.keys()];
  const near = nearest(
    name.replace(/\[n\]$/, "0"),
    names.map((known) => known.replace("[n]", index)),
  );
  const allowed = names.length === 0 ? "no arguments" : names.join(", ");
  return { argument: name, kind: "unknown", allowed, ...(near === undefined ? {} : { nearest: near }) };
}

function checkPresence(endpoint: Endpoint, present: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  // by the name under which it is asked for, which may be ours
  for (const [name, { required, requires, definition }] of endpoint.parameters) {
    if (required && !present.has(name)) {
      problems.push({ argument: name, kind: "missing", allowed: describe(definition) });
    }
    if (requires !== undefined && present.has(name) && !present.has(requires)) {
      problems.push({ argument: requires, kind: "requires", allowed: `${name} needs it` });
    }
  }
  return problems;
}

/** Parameters that belong to certain values of another one, as `nodes` to HA rules of type node-affinity. */
function checkKinds(
  endpoint: Endpoint,
  values: ReadonlyMap<string, WireValue>,
  present: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = [];
  if (endpoint.additional) return problems;
  for (const { name, only, definition } of endpoint.parameters.values()) {
    const kind = only === undefined ? undefined : values.get(only.parameter);
    if (only === undefined || kind === undefined) continue;
    const belongs = only.values.includes(String(kind));
    if (belongs && only.required && !present.has(name)) {
      problems.push({ argument: name, kind: "missing", allowed: describe(definition) });
    }
    if (belongs || !present.has(name)) continue;
    problems.push({
      argument: name,
      kind: "invalid",
      allowed: `left out, it belongs to ${only.parameter} ${only.values.join(", ")}`,
    });
  }
  return problems;
}
