// The one who asks: a user or API token, and what it may do.
import { denied } from "./error.ts";
import { holds, privilegeReader } from "./permissions.ts";
import type { ClusterState } from "./state.ts";

export interface Caller {
  /** `root@pam` or `root@pam!mcp`. */
  readonly name: string;
  /** `root@pam`. */
  readonly userid: string;
  /** `mcp`; absent for a ticket. */
  readonly tokenid?: string;
  can(path: string, privileges: readonly string[], any?: boolean): boolean;
  /** Throws PVE's 403 with path and privileges (facts 6). */
  check(path: string, privileges: readonly string[], any?: boolean): void;
}

/** The name of the user itself, whose token skips nothing that root@pam may (facts 36). */
export const superuser = "root@pam";

export function callerOf(state: ClusterState, name: string): Caller {
  const mark = name.indexOf("!");
  const privilegesAt = privilegeReader(state, name);
  const can = (path: string, privileges: readonly string[], any = false) =>
    name === superuser || (name !== "" && holds(privilegesAt(path), privileges, any));
  return {
    name,
    userid: mark < 0 ? name : name.slice(0, mark),
    ...(mark < 0 ? {} : { tokenid: name.slice(mark + 1) }),
    can,
    check: (path, privileges, any = false) => {
      if (!can(path, privileges, any)) throw denied(`${path}, ${privileges.join("|")}`);
    },
  };
}
