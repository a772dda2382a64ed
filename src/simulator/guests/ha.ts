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

/** What the manager says of a service: whether it is as it was asked for, or still on the way. */
export function serviceState(wanted: string, runs: boolean): { crm: string; is: string } {
  if (wanted === "ignored") return { crm: "ignored", is: "ignored" };
  if (wanted === "started") return { crm: "started", is: runs ? "started" : "starting" };
  if (runs) return { crm: "request_stop", is: "request_stop" };
  return { crm: "stopped", is: wanted };
}

/** `hastate` of a guest in lists; nothing where the manager doesn't keep it. */
export function haStateOf(state: ClusterState, guest: Guest): { hastate?: string } {
  const resource = state.files["ha/resources.cfg"]?.[sidOf(guest)];
  if (resource === undefined) return {};
  return { hastate: serviceState(String(resource.options.state ?? "started"), guest.process !== undefined).crm };
}
