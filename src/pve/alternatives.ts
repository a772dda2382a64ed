// Owns what to use instead of an operation that an older PVE doesn't have.
import type { EndpointKey } from "../schema/endpoints.gen.ts";

/** By the beginning of the path; the first row that fits counts. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^\/cluster\/ha\/rules/, "HA groups (/cluster/ha/groups, and `group` of an HA resource)"],
  [/^\/cluster\/ha\/status\/(?:dis)?arm-ha/, "state=ignored of each HA resource (PUT /cluster/ha/resources/{sid})"],
  [/^\/cluster\/bulk-action\/guest\/start/, "POST /nodes/{node}/startall, once a node"],
  [/^\/cluster\/bulk-action\/guest\/shutdown/, "POST /nodes/{node}/stopall, once a node"],
  [/^\/cluster\/bulk-action\/guest\/suspend/, "POST /nodes/{node}/suspendall, once a node"],
  [/^\/cluster\/bulk-action\/guest\/migrate/, "POST /nodes/{node}/migrateall, once a node"],
  [/^\/cluster\/bulk-action/, "startall, stopall, suspendall and migrateall of each node"],
  [/ceph\/restart-bulk$/, "POST /nodes/{node}/ceph/restart, once a service"],
  [/^\/nodes\/\{node\}\/ceph\/fs\//, "`pveceph fs destroy` in a root shell on the node"],
  [/\/cpu-flags$/, "GET /nodes/{node}/capabilities/qemu/cpu"],
  [/\/custom-cpu-models/, "/etc/pve/virtual-guest/cpu-models.conf, edited on a node"],
  [/^\/cluster\/sdn\/fabrics/, "an SDN controller (/cluster/sdn/controllers)"],
  [/^\/cluster\/sdn\/(?:lock|rollback|dry-run)$/, "PUT /cluster/sdn, which applies what was staged"],
  [/^\/nodes\/\{node\}\/sdn\/vnets/, "GET /cluster/sdn/vnets"],
  [/^\/nodes\/\{node\}\/sdn\/zones/, "GET /nodes/{node}/sdn/zones/{zone}/content"],
  [/\/lxc\/\{vmid\}\/migrate$/, "the migration itself: PVE checks its conditions when it begins"],
  [/oci-re/, "a container template (GET /nodes/{node}/aplinfo lists them)"],
  [/\/storage\/\{storage\}\/identity$/, "GET /storage/{storage}"],
  [/\/capabilities\/qemu\/migration$/, "GET /nodes/{node}/qemu/{vmid}/migrate"],
];

/** A clause that completes "use … instead"; undefined where nothing takes the place. */
export function alternativeTo(endpoint: EndpointKey): string | undefined {
  const path = endpoint.slice(endpoint.indexOf(" ") + 1);
  return INSTEAD.find(([pattern]) => pattern.test(path))?.[1];
}
