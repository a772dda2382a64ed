// Who sends a request: an API token, or a login ticket with the token that guards its writes (facts 5, 21).
import { type Caller, callerOf } from "../engine/caller.ts";
import type { Cluster } from "../engine/cluster.ts";
import { isCsrfToken, readTicket } from "../engine/ticket.ts";

/** A caller, or the reason of the 401: its body is empty and it comes late on purpose. */
export type Credentials = { caller: Caller } | { refused: string };

const tokenForm = /^PVEAPIToken[= ](\S+)$/;
const ticketForm = /(?:^|;\s*)PVEAuthCookie=([^;]*)/;

export function readCredentials(cluster: Cluster, request: Request): Credentials {
  const { headers } = request;
  const header = headers.get("authorization") ?? "";
  const token = tokenForm.exec(header)?.[1];
  if (token !== undefined) return ofToken(cluster, token);
  if (header.startsWith("PVEAPIToken")) return { refused: "Authentication failed!" };
  const ticket = ticketForm.exec(header)?.[1] ?? ticketForm.exec(headers.get("cookie") ?? "")?.[1];
  return ticket === undefined || ticket === "" ? { refused: "No ticket" } : ofTicket(cluster, request, ticket);
}

function ofToken(cluster: Cluster, given: string): Credentials {
  const { state } = cluster;
  const found = /^([^\s:/!]+@[^\s:/!]+)!([^=]+)=(.+)$/.exec(given);
  const [, userid = "", tokenid = "", secret = ""] = found ?? [];
  const user = state.access.users[userid];
  const token = user?.tokens[tokenid];
  const alive = (expire: number) => expire === 0 || expire > cluster.seconds();
  if (user === undefined || token === undefined || !user.enable || !alive(user.expire) || !alive(token.expire)) {
    return { refused: "Authentication failed!" };
  }
  if (token.secret !== secret) return { refused: "Authentication failed!" };
  return { caller: callerOf(state, `${userid}!${tokenid}`) };
}

function ofTicket(cluster: Cluster, request: Request, encoded: string): Credentials {
  const userid = readTicket(cluster, decoded(encoded));
  if (userid === undefined) return { refused: "permission denied - invalid PVE ticket" };
  const guard = request.headers.get("csrfpreventiontoken") ?? "";
  if (request.method !== "GET" && !isCsrfToken(cluster, userid, guard)) {
    return { refused: "Permission denied - invalid csrf token" };
  }
  return { caller: callerOf(cluster.state, userid) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
