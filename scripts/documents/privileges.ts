// Owns the words for what PVE asks of a token at an endpoint: privileges on ACL paths, as a 403 names them.

import type { Endpoint, PermissionCheck } from "../../src/schema/registry.ts";
import { inside } from "./inside.ts";

/** `VM.PowerMgmt on /vms/{vmid}`; alternatives with "or", what all has to be there with "and". */
export function privilegesAt({ key, permissions, user }: Endpoint): string {
  if (permissions && user === "all") return `none for a part, ${checkText(permissions)} for all of it`;
  if (permissions) return checkText(permissions);
  const known = inside[key];
  if (known) return known;
  if (user === "world") return "none, not even a login";
  if (user !== "all") return "root@pam alone, no token";
  return "none: what the token may not see is left out";
}

/** A check in words: PVE's `perm` (all of the privileges, with "any" one of them), `and`, `or`, and those by user. */
export function checkText([kind, ...rest]: PermissionCheck): string {
  switch (kind) {
    case "perm":
      return permText(rest);
    case "and":
      return partsOf(rest)
        .map((part) => (part[0] === "or" ? `(${checkText(part)})` : checkText(part)))
        .join(" and ");
    case "or":
      return partsOf(rest).map(checkText).join(" or ");
    case "userid-param":
      return rest[0] === "self" ? "being that user" : `${rest[0]} on /access/realm/{realm of userid}`;
    case "userid-group":
      return `${namesIn(rest[0]).join(" or ")} on /access/groups`;
    case "perm-modify":
      return `Permissions.Modify on ${rest[0]}`;
    default:
      throw new Error(`unknown permission test ${kind}`);
  }
}

function permText([path, privileges, ...options]: PermissionCheck): string {
  const any = options.some((option, place) => option === "any" && Boolean(options[place + 1]));
  const names = [...new Set(namesIn(privileges))];
  const guestConfig = names.filter((name) => name.startsWith("VM.Config."));
  // PVE goes on to check each option's own
  if (any && guestConfig.length > 1) return `VM.Config.* on ${path}, by option`;
  return `${names.join(any ? " or " : " and ")} on ${path}`;
}

const partsOf = (items: readonly PermissionCheck[number][]): PermissionCheck[] =>
  items.flatMap((item) => (Array.isArray(item) ? [item] : []));

const namesIn = (item: PermissionCheck[number] | undefined): string[] =>
  Array.isArray(item) ? item.filter((name) => typeof name === "string") : [];
