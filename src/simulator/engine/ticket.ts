// Owns login tickets and the tokens that guard their writes: made, signed, read back (facts 5, 21).
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import type { Cluster } from "./cluster.ts";

/** A ticket holds for two hours; clocks may differ by five minutes. Seconds. */
const lifetime = 7200;
const skew = 300;

export interface Ticket {
  /** Sent as the cookie PVEAuthCookie, percent-encoded. */
  ticket: string;
  /** Sent as the header CSRFPreventionToken with every write. */
  csrf: string;
}

export function makeTicket(cluster: Cluster, userid: string): Ticket {
  const time = cluster.seconds().toString(16).toUpperCase().padStart(8, "0");
  const plain = `PVE:${userid}:${time}`;
  return {
    ticket: `${plain}::${signature(cluster, "ticket", plain, 256)}`,
    csrf: `${time}:${signature(cluster, "csrf", `${time}:${userid}`, 32)}`,
  };
}

/** The user of a ticket that is genuine, still holds, and whose user may still log in. */
export function readTicket(cluster: Cluster, text: string): string | undefined {
  const [, plain = "", userid = "", time = "", signed] = /^(PVE:(\S+):([0-9A-F]{8}))::(.+)$/.exec(text) ?? [];
  const holds = signed === signature(cluster, "ticket", plain, 256) && isFresh(cluster, time);
  const user = cluster.state.access.users[userid];
  const alive = user?.enable === true && (user.expire === 0 || user.expire > cluster.seconds());
  return holds && alive ? userid : undefined;
}

export function isCsrfToken(cluster: Cluster, userid: string, text: string): boolean {
  const [, time = "", signed] = /^([0-9A-F]{8}):(.+)$/.exec(text) ?? [];
  return signed === signature(cluster, "csrf", `${time}:${userid}`, 32) && isFresh(cluster, time);
}

function isFresh(cluster: Cluster, time: string): boolean {
  const age = cluster.seconds() - Number.parseInt(time, 16);
  return age > -skew && age < lifetime;
}

/** As long as PVE's own: a 2048 bit RSA signature, or a SHA-256. Bytes. */
function signature(cluster: Cluster, purpose: string, text: string, length: number): string {
  const part = (index: number) => createHmac("sha256", cluster.ticketKey).update(`${purpose}${index}${text}`).digest();
  const bytes = Buffer.concat(Array.from({ length: length / 32 }, (_, index) => part(index)));
  return length === 32 ? bytes.toString("base64").replace(/=+$/, "") : bytes.toString("base64");
}
