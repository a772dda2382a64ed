// Owns what an older release of PVE has of its own in its state: privileges and roles.
import type { Version } from "../../schema/registry.ts";
import type { ClusterState } from "../engine/state.ts";
import { privileges } from "./roles.ts";

/** Privileges that came with 9.0; VM.Monitor went with it. */
const new9 = /^VM\.(?:GuestAgent\.|Replicate$)/;
const monitors = ["Administrator", "PVEAdmin", "PVEVMAdmin"];

/** Whether a release knows a privilege. */
export function isPrivilege(name: string, release: Version): boolean {
  if (release !== "8.4") return privileges.includes(name);
  return name === "VM.Monitor" || (privileges.includes(name) && !new9.test(name));
}

/** The same cluster under a release. */
export function inRelease(state: ClusterState, release: Version): ClusterState {
  state.release = release;
  if (release !== "8.4") return state;
  for (const [name, role] of Object.entries(state.access.roles)) {
    const kept = role.privileges.filter((privilege) => !new9.test(privilege));
    role.privileges = monitors.includes(name) ? [...kept, "VM.Monitor"].sort() : kept;
  }
  return state;
}
