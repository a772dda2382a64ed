// The demo's users, tokens and ACLs: root, an auditor, an operator, and a token that may nothing.
import type { Random } from "../engine/random.ts";
import type { Access, AclEntry, User } from "../engine/state.ts";
import { builtinRoles } from "./roles.ts";

/** Complete tokens: `user@realm!name=secret`. */
export interface Secrets {
  /** Without privilege separation. */
  root: string;
  /** PVEAuditor on `/`. */
  auditor: string;
  /** May operate one VM, 100. */
  operator: string;
  /** Privilege-separated, without any ACL. */
  powerless: string;
}

/** Taken by POST /access/ticket for root@pam. */
const rootPassword = "proxmox";

const user = (options: Record<string, string> = {}): User => ({ enable: true, expire: 0, options, tokens: {} });

export const grant = (path: string, ugid: string, roleid: string, type: AclEntry["type"] = "user"): AclEntry => ({
  path,
  ugid,
  roleid,
  type,
  propagate: true,
});

/** A token for a user; the whole of it, with its secret. */
export function giveToken(
  users: Record<string, User>,
  userid: string,
  name: string,
  privsep: boolean,
  random: Random,
): string {
  const secret = random.uuid();
  const owner = users[userid];
  if (owner !== undefined) owner.tokens[name] = { secret, privsep, expire: 0 };
  return `${userid}!${name}=${secret}`;
}

export function builtInRoles(): Access["roles"] {
  const made: Access["roles"] = {};
  for (const [name, privileges] of Object.entries(builtinRoles)) {
    made[name] = { privileges: [...privileges], special: true };
  }
  return made;
}

export function demoAccess(random: Random): { access: Access; secrets: Secrets } {
  const users: Record<string, User> = {
    "root@pam": { ...user({ email: "admin@demo.test" }), password: rootPassword },
    "auditor@pve": user({ comment: "Reads everything" }),
    "operator@pve": user({ comment: "Runs one VM" }),
    "oncall@pve": user({ comment: "Runs the production guests" }),
  };
  const secrets: Secrets = {
    root: giveToken(users, "root@pam", "mcp", false, random),
    auditor: giveToken(users, "auditor@pve", "mcp", false, random),
    operator: giveToken(users, "operator@pve", "mcp", false, random),
    powerless: giveToken(users, "root@pam", "powerless", true, random),
  };
  const access: Access = {
    users,
    groups: { operators: { users: ["oncall@pve"], comment: "On call" } },
    roles: builtInRoles(),
    acl: [
      grant("/", "auditor@pve", "PVEAuditor"),
      grant("/vms/100", "operator@pve", "PVEVMUser"),
      grant("/pool/production", "operators", "PVEVMUser", "group"),
    ],
  };
  return { access, secrets };
}
