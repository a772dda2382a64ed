// Who sends a request: the API token of the Authorization header (facts 5, 21).
import { type Caller, callerOf } from "../engine/caller.ts";
import type { ClusterState } from "../engine/state.ts";

/** A caller, or the reason of the 401: its body is empty and it comes late on purpose. */
export type Credentials = { caller: Caller } | { refused: "No ticket" | "Authentication failed!" };

const tokenForm = /^PVEAPIToken[= ](\S+)$/;

export function readCredentials(state: ClusterState, headers: Headers, nowSeconds: number): Credentials {
  const header = headers.get("authorization");
  if (header === null) return { refused: "No ticket" };
  const given = tokenForm.exec(header)?.[1];
  if (given === undefined)
    return { refused: header.startsWith("PVEAPIToken") ? "Authentication failed!" : "No ticket" };
  const found = /^([^\s:/!]+@[^\s:/!]+)!([^=]+)=(.+)$/.exec(given);
  const [, userid = "", tokenid = "", secret = ""] = found ?? [];
  const user = state.access.users[userid];
  const token = user?.tokens[tokenid];
  const alive = (expire: number) => expire === 0 || expire > nowSeconds;
  if (user === undefined || token === undefined || !user.enable || !alive(user.expire) || !alive(token.expire)) {
    return { refused: "Authentication failed!" };
  }
  if (token.secret !== secret) return { refused: "Authentication failed!" };
  return { caller: callerOf(state, `${userid}!${tokenid}`) };
}
