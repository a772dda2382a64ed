// Owns which privileges would let a call through, read from PVE's own check of the endpoint.
import type { WireValue } from "../schema/check.ts";
import type { PermissionCheck } from "../schema/registry.ts";

import { leastOf } from "./refusal.ts";

/** All of these privileges on this ACL path. */
export interface Need {
  path: string;
  privileges: readonly string[];
}

/**
 * The needs of a check, the first way through; undefined where no grant of privileges on a known path does it.
 * PVE: `perm` (all of the privileges, with "any" one of them), `and`, `or`, `userid-param`, `userid-group`, `perm-modify`.
 */
export function needsOf(check: PermissionCheck, values: Readonly<Record<string, WireValue>>): Need[] | undefined {
  const [kind, ...rest] = check;
  if (kind === "perm") return permission(rest, values);
  if (kind === "and") return all(rest.map((part) => nested(part, values)));
  if (kind === "or") return rest.map((part) => nested(part, values)).find((needs) => needs !== undefined);
  if (kind === "userid-param") return ofRealm(rest[0], values.userid);
  if (kind === "userid-group") return [{ path: "/access/groups", privileges: names(rest[0]) }];
  if (kind === "perm-modify") return permission([rest[0] ?? null, ["Permissions.Modify"]], values);
  return undefined;
}

/** A privilege on the realm of the user that is meant; being that user ("self") can't be granted. */
function ofRealm(privilege: PermissionCheck[number] | undefined, userid: WireValue | undefined): Need[] | undefined {
  if (typeof privilege !== "string" || privilege === "self" || typeof userid !== "string") return undefined;
  return [{ path: `/access/realm/${userid.slice(userid.lastIndexOf("@") + 1)}`, privileges: [privilege] }];
}

function permission(rest: PermissionCheck, values: Readonly<Record<string, WireValue>>): Need[] | undefined {
  const [template, privileges, ...options] = rest;
  if (typeof template !== "string") return undefined;
  let known = true;
  const path = template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    known &&= values[name] !== undefined;
    return String(values[name]);
  });
  const wanted = names(privileges);
  const any = options.some((option, index) => option === "any" && Boolean(options[index + 1]));
  if (!known || wanted.length === 0) return undefined;
  return [{ path, privileges: any ? leastOf(wanted, values) : wanted }];
}

function all(parts: readonly (Need[] | undefined)[]): Need[] | undefined {
  const needs = parts.filter((part) => part !== undefined);
  return needs.length === parts.length && parts.length > 0 ? needs.flat() : undefined;
}

const nested = (part: PermissionCheck[number] | undefined, values: Readonly<Record<string, WireValue>>) =>
  Array.isArray(part) ? needsOf(part, values) : undefined;

const names = (part: PermissionCheck[number] | undefined): string[] =>
  Array.isArray(part) ? part.filter((name) => typeof name === "string") : [];
