// The demo's users, tokens and ACLs: root, an auditor, an operator, and a token that may nothing.
import type { Random } from "../engine/random.ts";
import type { Access, AclEntry, User } from "../engine/state.ts";
import { builtinRoles } from "./roles.ts";

/** Complete tokens: `user@realm!name=secret`. */
export interface DemoSecrets {
  root: string;
  auditor: string;
  operator: string;
  powerless: string;
}

const user = (options: Record<string, string> = {}): User => ({ enable: true, expire: 0, options, tokens: {} });

const grant = (path: string, ugid: string, roleid: string, type: AclEntry["type"] = "user"): AclEntry => ({
  path,
  ugid,
  roleid,
  type,
  propagate: true,
});

export function demoAccess(random: Random): { access: Access; secrets: DemoSecrets } {
  const users: Record<string, User> = {
    "root@pam": user({ email: "admin@demo.test" }),
    "auditor@pve": user({ comment: "Reads everything" }),
    "operator@pve": user({ comment: "Runs the production guests" }),
  };
  const token = (userid: string, name: string, privsep: boolean): string => {
    const secret = random.uuid();
    const owner = users[userid];
    if (owner !== undefined) owner.tokens[name] = { secret, privsep, expire: 0 };
    return `${userid}!${name}=${secret}`;
  };
  const secrets: DemoSecrets = {
    root: token("root@pam", "mcp", false),
    auditor: token("auditor@pve", "mcp", false),
    operator: token("operator@pve", "mcp", false),
    powerless: token("root@pam", "powerless", true),
  };
  const roles = Object.entries(builtinRoles).map(([name, privileges]) => [
    name,
    { privileges: [...privileges], special: true },
  ]);
  const access: Access = {
    users,
    groups: { operators: { users: ["operator@pve"], comment: "On call" } },
    roles: Object.fromEntries(roles),
    acl: [grant("/", "auditor@pve", "PVEAuditor"), grant("/pool/production", "operators", "PVEVMUser", "group")],
  };
  return { access, secrets };
}
