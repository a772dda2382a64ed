// Owns the first request to a node: the certificate, the clock, PVE's version, and whether the token is taken.
import { readAnswer } from "../pve/answer.ts";
import { PveError } from "../pve/errors.ts";
import { subjectOf } from "../pve/redact.ts";
import { buildRequest, type PveRequest, toRequest } from "../pve/request.ts";
import { createTransport, type TransportOptions } from "../pve/transport.ts";
import type { Presented } from "../pve/trust.ts";
import type { Version } from "../schema/registry.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";

/** What is asked, how it is trusted, and what time it is here (ms since 1970). */
export interface Node {
  readonly base: string;
  readonly authorization: string;
  readonly trust: TransportOptions;
  readonly now: () => number;
}

/** What the first request found; `version` is absent where PVE didn't say it. */
export interface Greeting {
  readonly findings: readonly Finding[];
  readonly version?: string;
}

const versionRequest: PveRequest = { endpoint: "GET /version", values: {} };
const day = 86_400_000;

export async function greet({ base, authorization, trust, now }: Node): Promise<Greeting> {
  let presented: Presented | undefined;
  const transport = createTransport({
    ...trust,
    onPresented: (one) => {
      presented = one;
    },
  });
  try {
    const response = await transport(toRequest(buildRequest(base, versionRequest), authorization));
    const findings = [...(presented ? [certificate(presented, trust, now())] : []), clock(response, now())];
    return await versionOf(response, { base, authorization }, findings);
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    const check = error.kind === "tls" || presented === undefined ? "TLS" : "API";
    const before = check === "API" && presented ? [certificate(presented, trust, now())] : [];
    return { findings: [...before, failed(check, error.sentence, error.next)] };
  } finally {
    transport.close();
  }
}

/** A certificate that was accepted. */
function certificate(shown: Presented, { mode, fingerprint, pinSetting }: TransportOptions, now: number): Finding {
  const pin = pinSetting?.(shown.fingerprint) ?? `PROXMOX_SSL_FINGERPRINT=${shown.fingerprint}`;
  const what = `${shown.subject}, issued by ${shown.issuer}, valid to ${shown.validTo}, SHA-256 ${shown.fingerprint}`;
  if (mode === "insecure") {
    const todo = `If \`pvenode cert info\` on the node shows the same fingerprint, set PROXMOX_SSL_MODE=verify and ${pin}.`;
    return warning("TLS", `the certificate isn't checked, and anybody may read the token: ${what}`, todo);
  }
  const left = Math.floor((Date.parse(shown.validTo) - now) / day);
  if (left < 14) {
    const todo =
      "Renew it on the node (`pvenode acme cert renew`, or `pvecm updatecerts --force`); a pinned fingerprint changes with it.";
    return warning("TLS", `the certificate ends within ${Math.max(left, 0)} days: ${what}`, todo);
  }
  if (fingerprint === undefined && shown.chainError !== undefined) {
    return ok("TLS", `taken at first sight and remembered: ${what}; to pin it: PROXMOX_SSL_MODE=verify and ${pin}`);
  }
  return ok("TLS", fingerprint === undefined ? what : `the pinned certificate: ${what}`);
}

function clock(response: Response, now: number): Finding {
  const theirs = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return ok("clock", "the node doesn't say what time it is");
  const apart = Math.round(Math.abs(theirs - now) / 1000);
  if (apart <= 30) return ok("clock", `${apart} s apart from the node's`);
  const side = theirs < now ? "ahead of" : "behind";
  const todo =
    "Set both by NTP (`timedatectl` and `chronyc tracking` show how they are): times in logs and the ends of certificates go by them.";
  return warning("clock", `this machine's clock is ${apart} s ${side} the node's`, todo);
}

async function versionOf(
  response: Response,
  { base, authorization }: Pick<Node, "base" | "authorization">,
  before: readonly Finding[],
): Promise<Greeting> {
  const subject = subjectOf(authorization);
  const asked = { request: versionRequest, authorization, host: new URL(base).host, ...(subject && { subject }) };
  const body = await response.text();
  try {
    const { data } = readAnswer({ status: response.status, reason: response.statusText, body }, asked);
    const version = typeof data === "object" && data !== null && "version" in data ? String(data.version) : "";
    return { findings: [...before, versionFinding(version)], version };
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    const check = error.kind === "unauthorised" ? "token" : "API";
    return { findings: [...before, failed(check, error.sentence, error.next)] };
  }
}

function versionFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const text = `Proxmox VE ${version}`;
  if (major < 8 || (major === 8 && minor < 4)) {
    return warning("version", text, "Upgrade to 8.4 or 9: of older releases it isn't known what they have.");
  }
  if (major > 9) {
    return warning("version", text, "Look for a newer proxmox-mcp: this one knows releases up to 9.2.");
  }
  return ok("version", text);
}

/** The release whose privileges count. */
export function releaseOf(version: string): Version {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 9) return "8.4";
  return major === 9 && minor < 2 ? "9.1" : "9.2";
}
