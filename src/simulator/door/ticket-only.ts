// The few methods that an API token may not call at all, whatever its privileges (facts 6, 36).
import type { EndpointKey } from "../../schema/endpoints.gen.ts";

const keys: ReadonlySet<EndpointKey> = new Set<EndpointKey>([
  "PUT /access/password",
  "POST /access/ticket",
  "POST /access/tfa/{userid}",
  "PUT /access/tfa/{userid}/{id}",
  "DELETE /access/tfa/{userid}/{id}",
]);

export function ticketOnly(key: EndpointKey): boolean {
  return keys.has(key);
}
