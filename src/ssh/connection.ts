// Owns one connection to a node: whom it trusts, as whom it comes, and what its failures mean.
import { readFile } from "node:fs/promises";
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { PveError } from "../pve/errors.ts";
import { fingerprintOf, judge, kindsToAsk, type Verdict } from "./host-key.ts";
import type { SshSettings, Target } from "./settings.ts";

export interface Connection {
  /** Starts a command line. @throws Error where the server opens no more channels */
  exec(line: string): Promise<ClientChannel>;
  /** Settles when the connection is over, with why where that is known. */
  readonly over: Promise<string>;
  readonly isOpen: boolean;
  end(): void;
}

/** A connection ended before what was to go over it was sent. */
export class ConnectionLost extends Error {}

/** How long a host may take to greet, and a connection to show no sign of life, in milliseconds. */
const patience = 15_000;

/**
 * Connects to a node. A host whose key isn't known is left before anything was said to it.
 * @throws PveError
 */
export async function connect(settings: SshSettings, node: string, target: Target): Promise<Connection> {
  const credentials = await credentialsOf(settings);
  const seen: { fingerprint: string; verdict: Verdict }[] = [];
  for (const kinds of kindsToAsk(settings, target.host, target.port)) {
    const attempt = await greeted(settings, target, { ...credentials, algorithms: hostKeys(kinds) }, seen);
    if ("connection" in attempt) return attempt.connection;
    if (attempt.failure === "host-key") continue;
    throw unreachable(node, target, settings, attempt.failure);
  }
  throw unknownHost(node, target, seen);
}

class AgentFailed extends Error {}

/** No key was taken. */
const isRejected = ({ message }: Error) => /authentication methods failed/i.test(message);

type Attempt = { readonly connection: Connection } | { readonly failure: Error | "host-key" };

function greeted(
  settings: SshSettings,
  { host, port }: Target,
  more: ConnectConfig,
  seen: { fingerprint: string; verdict: Verdict }[],
): Promise<Attempt> {
  const client = new ssh2.Client();
  return new Promise((resolve) => {
    let isRefused = false;
    let ofAgent: Error | undefined;
    client
      .on("ready", () => resolve({ connection: connectionOf(client) }))
      .on("error", (error) => {
        // the agent's next key may do, and where none does, another error follows
        if (error.level === "agent") {
          ofAgent = error;
          return;
        }
        client.destroy();
        if (ofAgent && isRejected(error)) return resolve({ failure: new AgentFailed(ofAgent.message) });
        const isOther = isRefused || /no matching host key/i.test(error.message);
        resolve({ failure: isOther ? "host-key" : error });
      })
      .on("close", () => resolve({ failure: new Error("the connection was closed") }))
      .connect({
        host,
        port,
        username: settings.user,
        readyTimeout: patience,
        keepaliveInterval: patience / 3,
        keepaliveCountMax: 3,
        hostVerifier: (key: Buffer) => {
          const verdict = judge(settings, host, port, key);
          seen.push({ fingerprint: fingerprintOf(key), verdict });
          isRefused = verdict !== "known";
          return !isRefused;
        },
        ...more,
      });
  });
}

function connectionOf(client: Client): Connection {
  let isOpen = true;
  let why = "the connection was closed";
  const over = new Promise<string>((resolve) => {
    client.on("error", (error) => {
      why = error.message;
    });
    client.on("close", () => {
      isOpen = false;
      resolve(why);
    });
  });
  return {
    over,
    get isOpen() {
      return isOpen;
    },
    exec: (line) =>
      new Promise((resolve, reject) => {
        client.exec(line, (error, channel) => (error ? reject(error) : resolve(channel)));
      }),
    end: () => client.end(),
  };
}

/** Only these kinds of host keys are asked for. */
function hostKeys(kinds: readonly string[]): NonNullable<ConnectConfig["algorithms"]> {
  return { serverHostKey: ssh2Kinds.filter((kind) => kinds.includes(kind)) };
}

const ssh2Kinds = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;

/** The key or the agent. @throws PveError that never repeats what is in the key */
async function credentialsOf({ keyPath, passphrase, agent }: SshSettings): Promise<ConnectConfig> {
  if (keyPath === undefined) return agent === undefined ? {} : { agent };
  const privateKey = await readFile(keyPath, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw keyError(
      `The key file ${keyPath} can't be read (${error.code ?? "unknown"}).`,
      "PROXMOX_SSH_KEY_PATH names it.",
    );
  });
  const phrase = passphrase?.reveal();
  const parsed = ssh2.utils.parseKey(privateKey, phrase);
  const [key] = Array.isArray(parsed) ? parsed : [parsed];
  if (key instanceof Error) throw keyError(`The key in ${keyPath} can't be used: ${keyProblem(key, phrase)}.`, "");
  if ("Deno" in globalThis && /ecdsa/.test(key?.type ?? "")) {
    throw keyError(
      `Deno can't use the ECDSA key in ${keyPath}.`,
      "Use an Ed25519 or RSA key, or the compiled program.",
    );
  }
  return { privateKey, ...(phrase === undefined ? {} : { passphrase: phrase }) };
}

function keyProblem({ message }: Error, phrase: string | undefined): string {
  if (/no passphrase/i.test(message))
    return "it is encrypted, and neither PROXMOX_SSH_KEY_PASSPHRASE nor its file is set";
  if (phrase !== undefined && /bad passphrase|integrity|decrypt|bad decrypt/i.test(message))
    return "the passphrase is wrong";
  return "it is no private key in OpenSSH's or PEM form";
}

function keyError(sentence: string, next: string): PveError {
  return new PveError({ kind: "refused", sentence, next: next || "See PROXMOX_SSH_KEY_PATH.", sent: false });
}

function unknownHost(node: string, { host, port }: Target, seen: readonly { fingerprint: string; verdict: Verdict }[]) {
  const shown = [...new Set(seen.map(({ fingerprint }) => fingerprint))].join(", ");
  const verdicts = seen.map(({ verdict }) => verdict);
  const where = `${host}:${port} (node ${node})`;
  const sentence = verdicts.includes("revoked")
    ? `The SSH host key of ${where} is marked as revoked in known_hosts; nothing was sent to it.`
    : verdicts.includes("other")
      ? `The SSH host key of ${where} is another one than the one that is known; nothing was sent to it.`
      : `The SSH host key of ${where} isn't known; nothing was sent to it.`;
  const key = shown === "" ? "It showed no key of a kind that is known of it." : `It showed ${shown}.`;
  return new PveError({
    kind: "tls",
    sentence: `${sentence} ${key}`,
    next:
      "Compare it on the node (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`); if it is right, add it to " +
      "PROXMOX_SSH_HOST_KEY_FINGERPRINT, or the host to the file of PROXMOX_SSH_KNOWN_HOSTS.",
    sent: false,
  });
}

function unreachable(
  node: string,
  { host, port }: Target,
  { user, keyPath, agent }: SshSettings,
  failure: Error,
): PveError {
  if (failure instanceof AgentFailed) {
    return new PveError({
      kind: "unauthorised",
      sentence: `The SSH agent at ${agent} gave no key for node ${node}: ${failure.message}.`,
      next: "PROXMOX_SSH_AGENT names its socket; `ssh-add -l` shows what it holds.",
      sent: false,
    });
  }
  if (isRejected(failure)) {
    return new PveError({
      kind: "unauthorised",
      sentence: `SSH on ${host}:${port} (node ${node}) doesn't take the key ${keyPath ?? "of the agent"} for user ${user}.`,
      next: `Add the public key to that user's authorized_keys on ${node}, or set PROXMOX_SSH_USER and ${keyPath === undefined ? "PROXMOX_SSH_AGENT" : "PROXMOX_SSH_KEY_PATH"}.`,
      sent: false,
    });
  }
  return new PveError({
    kind: "unreachable",
    sentence: `No SSH connection to node ${node} at ${host}:${port}: ${failure.message}.`,
    next: `Name an address that can be reached from here: PROXMOX_SSH_HOSTS=${node}=ADDRESS[:PORT].`,
    sent: false,
  });
}
