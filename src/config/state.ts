// Owns where the state folder is: what this program remembers from one run to the next.
import { type Environment, variable } from "./reader.ts";

/** systemd's folder of the service, else the desktop's place for state; undefined where there is no home. */
export function stateFolder(env: Environment): string | undefined {
  const [service] = variable(env, "STATE_DIRECTORY")?.split(":") ?? [];
  if (service) return service;
  const local = variable(env, "LOCALAPPDATA");
  if (local) return `${local}\\proxmox-mcp`;
  const desktop = variable(env, "XDG_STATE_HOME");
  if (desktop?.startsWith("/")) return `${desktop}/proxmox-mcp`;
  const home = variable(env, "HOME");
  return home ? `${home}/.local/state/proxmox-mcp` : undefined;
}

/** The socket on which a service manager wants to be told how it goes (sd_notify); undefined where there is none. */
export function notifySocket(env: Environment): string | undefined {
  return variable(env, "NOTIFY_SOCKET") || undefined;
}
