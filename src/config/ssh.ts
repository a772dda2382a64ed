// Owns how the SSH settings become one way to the nodes: where, as whom, and by what their hosts are known.
import type { Address } from "./host.ts";
import type { Reader } from "./reader.ts";
import { Secret } from "./secret.ts";
import { settings } from "./settings.ts";

/** How nodes are reached over SSH. */
export interface Ssh {
  /** PROXMOX_SSH_HOST, or the API's host: the address of `node`, and of the only node of a cluster. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The node behind `host`, where PROXMOX_SSH_NODE says it. */
  readonly node?: string;
  /** The addresses of further nodes, by name (PROXMOX_SSH_HOSTS). */
  readonly hosts: Readonly<Record<string, Address>>;
  readonly keyPath?: string;
  readonly passphrase?: Secret;
  /** An agent's socket, in place of a key. */
  readonly agent?: string;
  /** Host keys to accept, as OpenSSH prints them: `SHA256:…`. */
  readonly fingerprints: readonly string[];
  /** The text of a known_hosts file. */
  readonly knownHosts?: string;
  /** The wrapper's path on the nodes, where one is installed. */
  readonly wrapper?: string;
}

/** All of it is checked, enabled or not; a key or an agent is missed only when SSH is enabled. */
export function readSsh(reader: Reader, apiHost: string | undefined): Ssh | undefined {
  const enabled = reader.value(settings.sshEnabled) ?? false;
  const { host = apiHost, port = 22 } = readAddress(reader);
  const user = reader.value(settings.sshUser) ?? "root";
  const keyPath = reader.path(settings.sshKeyPath);
  const agent = reader.path(settings.sshAgent);
  const passphrase = readPassphrase(reader);
  const knownHosts = reader.file(settings.sshKnownHosts);
  const node = reader.given(settings.sshNode);
  const wrapper = reader.given(settings.sshWrapper);
  const hosts = reader.given(settings.sshHosts) ?? {};
  const fingerprints = reader.given(settings.sshHostKeyFingerprint) ?? [];
  const isKeyless = reader.raw(settings.sshKeyPath) === undefined && reader.raw(settings.sshAgent) === undefined;
  if (enabled && isKeyless) reader.mistake(settings.sshKeyPath);
  if (!enabled || host === undefined || (keyPath === undefined && agent === undefined)) return undefined;
  return {
    host,
    port,
    user,
    hosts,
    fingerprints,
    ...(node !== undefined && { node }),
    ...(keyPath !== undefined && { keyPath }),
    ...(passphrase && { passphrase }),
    ...(agent !== undefined && { agent }),
    ...(knownHosts !== undefined && { knownHosts }),
    ...(wrapper !== undefined && { wrapper }),
  };
}

/** Host and port for SSH: the port may stand in either setting, but not twice and differently. */
function readAddress(reader: Reader): { host?: string; port?: number } {
  const address = reader.given(settings.sshHost);
  const number = reader.value(settings.sshPort);
  const asked = reader.raw(settings.sshPort) !== undefined;
  if (asked && address?.port !== undefined && number !== undefined && address.port !== number) {
    reader.mistake(settings.sshPort, `${settings.sshHost.name} has port ${address.port}: keep one of the two`);
  }
  const chosen = address?.port ?? number;
  return { ...(address && { host: address.host }), ...(chosen !== undefined && { port: chosen }) };
}

function readPassphrase(reader: Reader): Secret | undefined {
  const given = reader.given(settings.sshKeyPassphrase);
  const file = reader.file(settings.sshKeyPassphraseFile)?.replace(/\r?\n$/, "");
  if (given !== undefined && file !== undefined && given !== file) {
    reader.mistake(settings.sshKeyPassphraseFile, `it holds another one than ${settings.sshKeyPassphrase.name}`);
  }
  const text = given ?? file ?? reader.credential("ssh-key-passphrase")?.replace(/\r?\n$/, "");
  if (text === undefined || text === "") return undefined;
  reader.hide(text);
  return new Secret(text);
}
