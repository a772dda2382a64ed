// Owns which resources a session has: those of which the first call can be made, and the skills.
import { isCallListed } from "../listed-call.ts";
import type { Served } from "../mcp-server.ts";
import { type PveResource, resources } from "./resource.ts";
import { skillList } from "./skill-list.gen.ts";

type Offering = Pick<Served, "listing">;

/** resources/list: what has an address without variables. */
export function listedResources(served: Offering) {
  const own = offered(served, false).map(({ uri, name, title, description }) => ({ uri, name, title, description }));
  const skills = skillList.map((skill) => ({ ...skill, mimeType: "text/markdown" }));
  return [...own, ...skills];
}

/** resources/templates/list. */
export function listedTemplates(served: Offering) {
  return offered(served, true).map(({ uri, name, title, description }) => ({
    uriTemplate: uri,
    name,
    title,
    description,
  }));
}

export function isOffered({ parts: [first] }: PveResource, { listing }: Offering): boolean {
  return isCallListed(first, listing);
}

function offered(served: Offering, templates: boolean): readonly PveResource[] {
  return resources.filter((one) => templates === Object.keys(one.variables).length > 0 && isOffered(one, served));
}
