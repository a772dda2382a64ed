// Which guests the HA manager keeps, and what it is told to do with them.
import { sectionFile } from "../engine/section-file.ts";
import type { ClusterState, Guest, SectionFile } from "../engine/state.ts";

export function sidOf(guest: Pick<Guest, "type" | "vmid">): string {
  return `${guest.type === "qemu" ? "vm" : "ct"}:${guest.vmid}`;
}

export function haFile(state: ClusterState): SectionFile {
  return sectionFile(state, "ha/resources.cfg");
}

/** The list that rules are checked against. */
export function managed(state: ClusterState): string[] {
  state.ha ??= { resources: [], groups: {}, rules: {} };
  return state.ha.resources;
}

export function isManaged(state: ClusterState, guest: Pick<Guest, "type" | "vmid">): boolean {
  return state.files["ha/resources.cfg"]?.[sidOf(guest)] !== undefined;
}

/** A guest that goes takes its resource and its place in rules along. */
export function forgetResource(state: ClusterState, guest: Pick<Guest, "type" | "vmid">): void {
  const sid = sidOf(guest);
  delete haFile(state)[sid];
  if (state.ha !== undefined) state.ha.resources = state.ha.resources.filter((other) => other !== sid);
}
