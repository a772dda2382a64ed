// Owns the sentence that says what to do next, for every kind of error.
import type { WireValue } from "../schema/check.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { PveErrorKind } from "./errors.ts";
import { grantLine, leastOf, readRefusal } from "./refusal.ts";

/** What is known when an answer has to be explained. */
export interface Circumstances {
  kind: PveErrorKind;
  text: string;
  status?: number;
  endpoint?: EndpointKey;
  values?: Readonly<Record<string, WireValue>>;
  /** `user@realm!name` of the token in use. */
  subject?: string;
  /** Host and port that were asked. */
  host?: string;
}

/** One sentence for a reader who has to go on from here. */
export function nextStep(given: Circumstances): string {
  const { text } = given;
  switch (given.kind) {
    case "unauthorised":
      return credentials(given);
    case "forbidden":
      return permission(given);
    case "invalid":
      return /too large/.test(text)
        ? "Send less at once: PVE takes at most 512 KiB."
        : "Correct the parameters that are named and call again.";
    case "missing":
      return missing(given);
    case "exists":
      return "Take another id or name, or change the one that is there.";
    case "locked":
      return locked(given);
    case "conflict":
      return conflict(text);
    case "unsupported":
      return unsupported(given);
    case "node-down":
      return nodeDown(given);
    case "no-quorum":
      return "The cluster has lost its quorum and refuses changes: bring more than half of the nodes back (`pvecm status` shows them), then call again.";
    case "timeout":
      return "PVE gave up waiting: look at the state of what was to be changed before calling again.";
    case "unreachable":
      return `Check that PROXMOX_HOST and PROXMOX_PORT lead to a PVE node that is up${given.host ? ` (${given.host} was asked)` : ""}.`;
    case "tls":
      return "Check PROXMOX_SSL_MODE, PROXMOX_SSL_CA_CERT and PROXMOX_SSL_FINGERPRINT.";
    case "task-failed":
      return "The last lines of the task's log say why; correct that and call again.";
    case "cancelled":
      return "Call again when it is wanted.";
    case "unknown-fate":
      return unknownFate(given);
    case "bug":
      return "That is a fault of the server or of this program and not of the arguments: the sentence above belongs into a bug report.";
    case "refused":
      return "PVE refused it for the reason it gives; change the state or the arguments accordingly.";
  }
}

function credentials({ text, endpoint, subject }: Circumstances): string {
  if (endpoint?.startsWith("POST /access/") || /ticket$/.test(text)) {
    return "The user name, password or ticket that was passed is not valid (any more).";
  }
  if (/No ticket/.test(text)) {
    return "PVE saw no API token: set PROXMOX_USER (with its realm), PROXMOX_TOKEN_NAME and PROXMOX_TOKEN_VALUE.";
  }
  const whose = subject?.includes("!") ? subject.slice(0, subject.indexOf("!")) : "USER@REALM";
  return `PVE doesn't accept the token${subject ? ` ${subject}` : ""}: check PROXMOX_USER (with its realm), PROXMOX_TOKEN_NAME and PROXMOX_TOKEN_VALUE, and with \`pveum user token list ${whose}\` on a node that it is there and hasn't expired.`;
}

function permission({ text, subject, values }: Circumstances): string {
  const refusal = readRefusal(text);
  const token = subject ? `The token ${subject}` : "The token";
  if (refusal.because === "root-only") {
    return "PVE lets root@pam alone do this, and no API token counts as root@pam: do it in the web interface or in a root shell on the node.";
  }
  if (refusal.because === "no-tokens") {
    return "PVE doesn't let API tokens do this at all: do it in the web interface, logged in with a password.";
  }
  if (refusal.because === "unnamed") {
    return `${token} lacks a privilege that PVE doesn't name; \`pveum user token permissions\` on a node shows what it has.`;
  }
  const privileges = leastOf(refusal.privileges, values);
  const wanted = privileges.join(", ");
  if (refusal.path === "") {
    return `${token} lacks ${wanted} on a path that hangs on a parameter which is missing: give all parameters and call again.`;
  }
  const line = grantLine({ path: refusal.path, privileges, subjects: subject ? [subject] : [] });
  const others = refusal.privileges.length > 1 ? ` (any of ${refusal.privileges.join(", ")} will do)` : "";
  return `${token} lacks ${wanted} on ${refusal.path}${others}; as root on a node: \`${line}\` (the token's user needs it too).`;
}

function missing({ text, endpoint, values }: Circumstances): string {
  if (/hostname lookup|unknown node|known host|cluster node/.test(text)) {
    return `Take a node's name from the list of nodes${values?.node === undefined ? "" : `: ${values.node} is none`}.`;
  }
  if (/no such task/.test(text)) return "Take the UPID from the list of tasks; old ones are removed by PVE.";
  if (/\/(?:qemu-server|lxc)\/\d+\.conf/.test(text) && values?.vmid !== undefined) {
    return `Guest ${values.vmid} isn't on node ${values.node ?? "?"}, or is of the other type: the list of guests shows where it is.`;
  }
  const verb = endpoint?.split(" ", 1)[0];
  return `List what is there and take the name from it${verb === "DELETE" ? "; it may be gone already" : ""}.`;
}

function locked({ text, values }: Circumstances): string {
  const kind = /is locked \((\w+)\)/.exec(text)?.[1];
  if (kind === undefined)
    return "Another task holds it: wait until that has ended (the list of running tasks shows it) and call again.";
  const id = values?.vmid ?? "VMID";
  return `A ${kind} is under way or was broken off: wait for its task; only if none is running, \`qm unlock ${id}\` (\`pct unlock ${id}\` for a container) on the node removes the lock.`;
}

function conflict(text: string): string {
  if (/checksum mismatch|detected modified/.test(text))
    return "It was changed meanwhile: read it again and repeat the change with the new digest.";
  if (/No QEMU guest agent configured/.test(text))
    return "Set agent=1 in the VM's configuration, install qemu-guest-agent in the guest, and stop and start the VM.";
  if (/guest agent is not running/.test(text))
    return "Start qemu-guest-agent in the guest; right after the guest's start it takes a while.";
  if (/has been disabled/.test(text))
    return "The guest's file systems are frozen: thaw them (fsfreeze-thaw) and call again.";
  if (/not running/.test(text)) return "Start it first.";
  if (/running/.test(text)) return "Stop it first, or take it that it is running already.";
  if (/protection mode/.test(text)) return "Switch protection off in its configuration first.";
  if (/HA resources/.test(text)) return "Remove it from HA first, or pass purge=1.";
  return "Release what uses it first.";
}

function unsupported({ text, status, endpoint }: Circumstances): string {
  if (status === 501)
    return `This PVE doesn't have ${endpoint ?? "that call"}, or a value in the path doesn't have the form that PVE wants: check the names, and PVE's version.`;
  if (/ha groups have been migrated/.test(text))
    return "Use HA rules: they have taken the place of HA groups since PVE 9.";
  return "This host, storage or guest can't do it as it is set up; take another way or set it up for it.";
}

function nodeDown({ text, status, values }: Circumstances): string {
  const node = values?.node === undefined ? "the node that should answer" : `node ${values.node}`;
  if (/certificate verify failed|SSL routines/.test(text)) {
    return `The node that we asked doesn't trust the certificate of ${node}: after a join it takes a while; else \`pvecm updatecerts\` there.`;
  }
  if (status === 596)
    return `The connection to ${node} broke before the answer: check that pvedaemon and pveproxy run there.`;
  return `The node that we asked can't reach ${node}: check that it is up and on the network (the list of nodes shows its state).`;
}

function unknownFate({ text, endpoint, values }: Circumstances): string {
  if (endpoint?.endsWith("/agent/exec") && /Broken pipe/.test(text)) {
    return "Most often that means that there is no such program in the guest: give its full path, a word an item.";
  }
  const node = values?.node === undefined ? "" : ` of node ${values.node}`;
  const place = endpoint
    ?.replace(/^\S+ /, "")
    .replace(/\{([^}]+)\}/g, (_, name: string) => String(values?.[name] ?? name));
  return `It was not sent a second time: look at the recent tasks${node} and at ${place ?? "the state"} first, and call again only if it has not taken effect.`;
}
