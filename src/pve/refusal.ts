// Owns what a 403 of PVE says (path, privileges, or why no privilege helps) and the pveum line that would grant it.

import { configPrivileges } from "./config-privileges.ts";

/** A 403, read. `privilege`: any one of them on the path is enough. */
export type Refusal =
  | { because: "privilege"; path: string; privileges: readonly string[] }
  | { because: "root-only" }
  | { because: "no-tokens" }
  | { because: "unnamed" };

/** Reads `Permission check failed (…)` and the sentences with which a 500 reserves something for root (facts 6, 36). */
export function readRefusal(text: string): Refusal {
  if (/not available with API token|'[^']+![^']+' does not look like a valid user name/.test(text))
    return { because: "no-tokens" };
  if (/root@pam|\bonly root\b|limiting to root user/i.test(text)) return { because: "root-only" };
  const [, path, names = ""] = /Permission check failed \(([^,()]*), ([A-Za-z.|]+)\)/.exec(text) ?? [];
  if (path === undefined) return { because: "unnamed" };
  return { because: "privilege", path, privileges: [...new Set(names.split("|"))] };
}

/**
 * What to grant where any of several privileges would do: the one that allows no more than it has to, or of those for
 * a guest's configuration all that the values need, since PVE goes on to check each of them.
 */
export function leastOf(privileges: readonly string[], values: Readonly<Record<string, unknown>> = {}): string[] {
  const needed = configPrivileges(values).filter((name) => privileges.includes(name));
  if (needed.length > 0) return needed;
  const least = privileges.find((name) => !name.endsWith(".Unrestricted")) ?? privileges[0];
  return least === undefined ? [] : [least];
}

/** What a grant is made of. */
export interface Grant {
  /** ACL path, such as `/vms/100`. */
  path: string;
  privileges: readonly string[];
  /** Each `user@realm` or `user@realm!token`; a placeholder is printed where none is known. */
  subjects: readonly string[];
  /** What the subjects may do there already: an entry on a path replaces what is inherited from above. */
  held?: readonly string[];
}

/** The commands, for a root shell on a node, that give privileges on one path and take nothing away. */
export function grantLine({ path, privileges, subjects, held = [] }: Grant): string {
  const whom = subjects.length > 0 ? subjects : ["USER@REALM!TOKEN"];
  const tokens = whom.filter((subject) => subject.includes("!"));
  const users = whom.filter((subject) => !subject.includes("!"));
  const place = path === "/" ? "" : `-${path.slice(1).replace(/[^A-Za-z0-9.-]+/g, "-")}`;
  const role = `mcp-${privileges.join("-")}${place}${tokens.length > 0 ? "" : "-user"}`;
  const all = [...new Set([...held, ...privileges])].sort();
  const options = [...option("--users", users), ...option("--tokens", tokens), `--roles ${role}`];
  return `pveum role add ${role} --privs ${quoted(all.join(","))}; pveum acl modify ${quoted(path)} ${options.join(" ")}`;
}

const option = (name: string, values: readonly string[]): string[] =>
  values.length > 0 ? [`${name} ${quoted(values.join(","))}`] : [];

/** A shell takes these as they are; anything else is quoted. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_.,:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
