// Owns what an older release of PVE doesn't have, or checks otherwise: endpoints, parameters, privileges.
import type { Endpoint, Parameter, PermissionCheck, Version } from "./registry.ts";

const order: readonly Version[] = ["8.4", "9.1", "9.2"];

/** Whether a release has an endpoint or a parameter. */
export function isIn({ since }: Pick<Endpoint | Parameter, "since">, release: Version): boolean {
  return order.indexOf(since) <= order.indexOf(release);
}

/** The check of an endpoint under a release: 8.4 knew VM.Monitor alone for all that asks a guest's agent or monitor. */
export function permissionsIn(endpoint: Endpoint, release: Version): PermissionCheck | undefined {
  if (release !== "8.4") return endpoint.permissions;
  const { path, method } = endpoint;
  if (/^\/nodes\/\{node\}\/qemu\/\{vmid\}\/(?:agent\/|agent$|monitor$)/.test(path) && isMonitored(endpoint)) {
    return ["perm", "/vms/{vmid}", ["VM.Monitor"]];
  }
  if (method !== "GET" && /^\/(?:cluster|nodes\/\{node\})\/replication/.test(path)) {
    return ["perm", "/storage", ["Datastore.Allocate"]];
  }
  return endpoint.permissions;
}

/** The index of the agent's commands asks for VM.Audit in every release. */
function isMonitored({ key }: Endpoint): boolean {
  return key !== "GET /nodes/{node}/qemu/{vmid}/agent";
}
