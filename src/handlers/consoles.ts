// Owns the tickets of consoles: what opens them, and how long they are good.

import { PveError } from "../pve/errors.ts";
import type { Compose, Ground, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { configOf } from "./guest-config.ts";

/** PVE's API is reached by websocket alone, and a container's screen has a password only then. */
export const websocket: Compose = ({ values }) => ({ websocket: values.websocket ?? true });

/** How long a ticket is good for: the task that serves it gives up ("connection timed out") when nobody has come. */
const patience =
  "Connect within 10 seconds: then PVE's task gives up with `connection timed out`, and a new call makes a new ticket.";

/** The websocket that a ticket opens: a path on PVE's own port, as it goes on the wire. */
function path({ guest }: Ground, port: unknown, ticket: unknown): string {
  const query = `port=${encodeURIComponent(String(port))}&vncticket=${encodeURIComponent(String(ticket))}`;
  return `/api2/json/nodes/${guest?.node}/${guest?.type}/${guest?.vmid}/vncwebsocket?${query}`;
}

const page = ({ guest }: Ground, form: string) =>
  `/?console=${guest?.type === "lxc" ? "lxc" : "kvm"}&${form}=1&node=${guest?.node}&vmid=${guest?.vmid}`;

export const opened =
  (form: "novnc" | "xtermjs", use: (data: Readonly<Record<string, unknown>>) => string): Present =>
  (data, ground) => {
    const { cert: _cert, upid, port, ticket, password, user } = isRow(data) ? data : {};
    const stopped =
      ground.guest?.status === "stopped" ? ["PVE's list has it as stopped: nothing is shown until it runs."] : [];
    return {
      record: {
        websocket: path(ground, port, ticket),
        ...(password === undefined ? {} : { password }),
        ticket,
        port,
        user,
        upid,
      },
      notes: [
        ...stopped,
        `Open wss://HOST:8006 with that path (subprotocol binary) and the header Authorization of the same token: the ticket is for ${user} alone. ${use({ password })}`,
        patience,
        `A browser that is logged in needs no ticket: https://HOST:8006${page(ground, form)}`,
      ],
    };
  };

/** A token may open consoles that may not read configurations. */
function unreadable(error: unknown): undefined {
  if (error instanceof PveError && error.kind === "forbidden") return undefined;
  throw error;
}

/** PVE hands out a ticket for a terminal that isn't there: a VM has one where it has a serial port. */
export const serialPort: Compose = async (ground) => {
  if (ground.guest?.type === "lxc") return {};
  const config = await configOf(ground).catch(unreadable);
  if (!config) return {};
  const ports = Object.keys(config).filter((key) => /^serial\d$/.test(key));
  const asked = ground.values.serial;
  if (asked === undefined ? ports.length > 0 : ports.includes(String(asked))) return {};
  const there = ports.length > 0 ? `has ${ports.join(", ")}` : "has no serial port";
  throw new Refusal(
    `${asked === undefined ? "vmid" : "serial"} ${asked ?? ground.guest?.vmid}: the VM ${there}, and its terminal is one; serial0=socket in its configuration adds one, and a login must run on it inside`,
  );
};

/** The file that remote-viewer opens; PVE's names and values as it gave them. */
export const viewerFile: Present = (data) => ({
  lines: [
    "[virt-viewer]",
    ...Object.entries(isRow(data) ? data : {})
      .sort()
      .map(([key, value]) => `${key}=${value}`),
  ],
  notes: [
    "Save these lines, without a leading >, as screen.vv and open them with remote-viewer at once; it deletes the file. A new call makes a new one.",
    "The viewer connects to the proxy that the file names: give proxy= an address that it reaches, if that is none.",
  ],
});
