// Owns what of PVE's API is modelled: endpoints that have a handler, by area.
import { type EndpointKey, endpointKeys } from "../schema/registry.ts";
import { handlers } from "./domains/all.ts";

export interface Area {
  /** `/nodes/{node}/qemu` */
  path: string;
  modelled: readonly EndpointKey[];
  missing: readonly EndpointKey[];
}

/** Every area of the API, in the order of its paths. */
export function coverage(): Area[] {
  const areas = new Map<string, { modelled: EndpointKey[]; missing: EndpointKey[] }>();
  for (const key of endpointKeys()) {
    const path = areaOf(key.slice(key.indexOf(" ") + 1));
    const area = areas.get(path) ?? { modelled: [], missing: [] };
    areas.set(path, area);
    (handlers[key] === undefined ? area.missing : area.modelled).push(key);
  }
  return [...areas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, area]) => ({ path, ...area }));
}

/** The first part of a path; of a node's, the one behind the node. */
function areaOf(path: string): string {
  const parts = path.split("/").slice(1);
  const deep = parts[0] === "nodes" || parts[0] === "cluster" || parts[0] === "access";
  return `/${parts.slice(0, parts[0] === "nodes" ? 3 : deep ? 2 : 1).join("/")}`;
}
