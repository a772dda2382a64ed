// Owns what `simulator` says to a reader: where the cluster is, who may log in, and lines to paste.
import type { Simulator } from "../simulator/simulator.ts";
import { program } from "./commands.ts";
import type { SimulatorSettings } from "./simulator-options.ts";

export interface Welcome {
  url: string;
  fingerprint: string;
  simulator: Pick<Simulator, "state" | "tokens">;
  settings: Pick<SimulatorSettings, "pve">;
}

export function welcome({ url, fingerprint, simulator, settings }: Welcome): string {
  const { state, tokens } = simulator;
  const { hostname, port } = new URL(url);
  const [owner = "", value = ""] = tokens.root.split(/=(.*)/s);
  const [user = "", name = ""] = owner.split("!");
  const env = {
    PROXMOX_HOST: hostname,
    PROXMOX_PORT: port,
    PROXMOX_USER: user,
    PROXMOX_TOKEN_NAME: name,
    PROXMOX_TOKEN_VALUE: value,
    PROXMOX_SSL_MODE: "verify",
    PROXMOX_SSL_FINGERPRINT: fingerprint,
    PROXMOX_ALLOW_ELEVATED: "true",
  };
  const server = { command: program, args: ["serve"], env };
  const password = state.access.users["root@pam"]?.password;
  const guests = Object.keys(state.guests).length;
  return `${[
    `Proxmox VE ${settings.pve}, embedded: cluster ${state.name}, ${plural(Object.keys(state.nodes).length, "node")}, ${plural(guests, "guest")}. Nothing of it outlives this process.`,
    "",
    `  ${url}`,
    `  certificate SHA-256 ${fingerprint}`,
    "",
    "API tokens:",
    `  root       ${tokens.root}  may do everything`,
    `  auditor    ${tokens.auditor}  reads everything`,
    `  operator   ${tokens.operator}  operates VM 100`,
    `  powerless  ${tokens.powerless}  has no rights`,
    ...(password === undefined ? [] : [`root@pam logs in with the password ${password}.`]),
    "",
    "For curl:",
    `  PVE='${url}/api2/json'`,
    `  TOKEN='Authorization: PVEAPIToken=${tokens.root}'`,
    '  curl -k -H "$TOKEN" "$PVE/cluster/resources"',
    "",
    "For an MCP client:",
    JSON.stringify({ mcpServers: { proxmox: server } }, undefined, 2).replace(/^/gm, "  "),
    "",
    "Ctrl-C ends it.",
  ].join("\n")}\n`;
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
