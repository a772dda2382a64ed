// All parameters of a request against the endpoint's: required, unknown, values, `requires`; arrays and lists (facts 12-16).
import { type Definition, shapeOf } from "../../schema/definition.ts";
import { type Endpoint, type Parameter, parameterOf, type Version } from "../../schema/registry.ts";
import { isIn } from "../../schema/release.ts";
import { invalid } from "../engine/error.ts";
import type { Checked } from "../engine/params.ts";
import { isPrivilege } from "../start/release.ts";
import { type Complaint, checkValue, type Given } from "./value.ts";

/** Throws a 400 with every complaint at once; otherwise the parameters, defaults not filled in. */
export function checkParameters(endpoint: Endpoint, given: ReadonlyMap<string, Given>, release: Version): Checked {
  const errors: Record<string, string> = {};
  const complain = (path: string, text: string) => {
    errors[path] = errors[path] === undefined ? text : `${errors[path]}\n${text}`;
  };
  const checked: Checked = {};
  for (const parameter of endpoint.parameters.values()) {
    if (parameter.required && isIn(parameter, release) && !given.has(parameter.name))
      complain(parameter.name, "property is missing and it is not optional");
  }
  for (const [name, raw] of given) {
    const parameter = parameterOf(endpoint, name);
    if (parameter === undefined || !isIn(parameter, release)) {
      if (!endpoint.additional) complain(name, unknown);
      else checked[name] = asText(raw);
      continue;
    }
    const value = settle(parameter.definition, raw);
    if (requirementMissing(parameter, given))
      complain(parameter.requires ?? "", `missing property required by '${name}'`);
    if (!appliesTo(parameter, given)) complain(name, unknown);
    else if (name === "privs" && release === "8.4") checkPrivileges(asText(value), release, complain);
    else checkValue(parameter.definition, value, name, complain);
    checked[name] = Array.isArray(value) ? value.map(asText) : asText(value);
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return checked;
}

const unknown = "property is not defined in schema and the schema does not allow additional properties";

/** The format's own list is that of today. */
function checkPrivileges(list: string, release: Version, complain: Complaint): void {
  const wrong = list.split(/[,;\s]+/).find((name) => name !== "" && !isPrivilege(name, release));
  if (wrong !== undefined) complain("privs", `invalid format - invalid privilege '${wrong}'\n`);
}

function requirementMissing(parameter: Parameter, given: ReadonlyMap<string, Given>): boolean {
  return parameter.requires !== undefined && !given.has(parameter.requires);
}

function appliesTo(parameter: Parameter, given: ReadonlyMap<string, Given>): boolean {
  if (parameter.only === undefined) return true;
  const chosen = given.get(parameter.only.parameter);
  return chosen !== undefined && parameter.only.values.includes(String(chosen));
}

/** One scalar for an array is an array of one; several values for a `-list` format are one list (facts 14). */
function settle(definition: Definition, given: Given): Given {
  const shape = shapeOf(definition);
  if (shape.kind === "array") return Array.isArray(given) ? given : [given];
  if (!Array.isArray(given) || shape.kind !== "string") return given;
  const isList = shape.formats.some((format) => format.endsWith("-list"));
  return isList ? given.map(asText).join(",") : given;
}

function asText(value: Given): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
