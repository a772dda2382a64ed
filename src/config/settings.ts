// Owns the list of settings: a row an environment variable, from which reading, mistakes and README's table are derived.
import { certificatePins, hostKeyFingerprints, type Pin } from "./fingerprint.ts";
import { type Address, apiAddresses, nodeAddresses, port, sshAddress } from "./host.ts";
import { anyText, boolean, choice, type Kind, loginName, nodeName, path, some, toolNames, whole } from "./kind.ts";
import { type TokenParts, tokenName, tokenValue, user } from "./token.ts";
import { toolsetNames } from "./toolsets.ts";

/** One environment variable. A secret's content is never shown, and what surrounds it is told instead of trimmed. */
export interface Setting<T> {
  readonly name: string;
  readonly kind: Kind<T>;
  readonly meaning: string;
  readonly example: string;
  /** The text that stands for "not set". */
  readonly default?: string;
  /** What README says where there is no such text. */
  readonly fallback?: string;
  /** true, or when it is. */
  readonly required?: true | string;
  readonly secret?: true;
}

const setting = <T>(row: Setting<T>): Setting<T> => row;

export const settings = {
  host: setting<readonly Address[]>({
    name: "PROXMOX_HOST",
    kind: apiAddresses,
    required: true,
    meaning:
      "Host of the cluster whose API is used; any of its nodes will do. Of several, one that doesn't answer is passed over",
    example: "pve.example.com",
  }),
  port: setting({
    name: "PROXMOX_PORT",
    kind: port,
    default: "8006",
    meaning: "Port of the API, unless PROXMOX_HOST has one",
    example: "8006",
  }),
  user: setting<TokenParts>({
    name: "PROXMOX_USER",
    kind: user,
    default: "root@pam",
    meaning: "User that the API token belongs to, with the realm",
    example: "root@pam",
  }),
  tokenName: setting<TokenParts>({
    name: "PROXMOX_TOKEN_NAME",
    kind: tokenName,
    required: "unless PROXMOX_TOKEN_VALUE has it",
    meaning: "Name of the API token",
    example: "mcp",
  }),
  tokenValue: setting<TokenParts>({
    name: "PROXMOX_TOKEN_VALUE",
    kind: tokenValue,
    required: "unless PROXMOX_TOKEN_VALUE_FILE or a systemd credential has it",
    secret: true,
    meaning: "Value of the API token",
    example: "00000000-0000-0000-0000-000000000000",
  }),
  tokenValueFile: setting({
    name: "PROXMOX_TOKEN_VALUE_FILE",
    kind: path("a file with the token's value on its only line"),
    meaning:
      "File to read the token's value from, so that no environment holds it; a systemd credential `token` is found by itself",
    example: "/etc/proxmox-mcp/token",
  }),
  sslMode: setting({
    name: "PROXMOX_SSL_MODE",
    kind: choice("strict", "verify", "insecure"),
    default: "strict",
    meaning:
      "What the server's certificate must be: issued by a known CA (`strict`); that, the pinned one, or with neither pin nor CA file the one that was seen first (`verify`); anything (`insecure`)",
    example: "verify",
  }),
  sslCaCert: setting({
    name: "PROXMOX_SSL_CA_CERT",
    kind: path("a file of CA certificates in PEM form"),
    meaning: "CAs to trust besides the system's",
    example: "/etc/pve/pve-root-ca.pem",
  }),
  sslFingerprint: setting<readonly Pin[]>({
    name: "PROXMOX_SSL_FINGERPRINT",
    kind: certificatePins,
    meaning: "The one certificate to accept, or one for each host",
    example: Array(32).fill("AB").join(":"),
  }),
  allowElevated: setting({
    name: "PROXMOX_ALLOW_ELEVATED",
    kind: boolean,
    default: "false",
    meaning: "Allow more than reading: the actions marked 🔒",
    example: "true",
  }),
  readOnly: setting({
    name: "PROXMOX_READ_ONLY",
    kind: boolean,
    default: "false",
    meaning: "List and run read actions alone, whatever else is allowed",
    example: "true",
  }),
  deny: setting({
    name: "PROXMOX_DENY",
    kind: some("destroy", "exec", "reveal", "write"),
    meaning: "Kinds of actions that stay forbidden",
    example: "destroy,exec",
  }),
  toolsets: setting({
    name: "PROXMOX_TOOLSETS",
    kind: some(...toolsetNames),
    fallback: "all",
    meaning: "Categories of tools to list and run, or roles that stand for several (`monitoring`, `operator`, `all`)",
    example: "monitoring,console",
  }),
  tools: setting({
    name: "PROXMOX_TOOLS",
    kind: toolNames,
    meaning: "Tools to list and run beside those of PROXMOX_TOOLSETS, or alone where that isn't set",
    example: "proxmox_guest_list,proxmox_guest_status",
  }),
  excludeTools: setting({
    name: "PROXMOX_EXCLUDE_TOOLS",
    kind: toolNames,
    meaning: "Tools that are neither listed nor run",
    example: "proxmox_guest_delete",
  }),
  stopFile: setting({
    name: "PROXMOX_STOP_FILE",
    kind: path("a file"),
    meaning: "While this file exists nothing but reading runs; looked for before every change",
    example: "/run/proxmox-mcp/stop",
  }),
  uploadDir: setting({
    name: "PROXMOX_UPLOAD_DIR",
    kind: path("a folder"),
    meaning:
      "The one folder whose files may be uploaded to a storage, and to which files of backups may be saved; without it neither is done",
    example: "/srv/proxmox-files",
  }),
  logLevel: setting({
    name: "PROXMOX_LOG_LEVEL",
    kind: choice("silent", "fatal", "error", "warn", "info", "debug", "trace"),
    default: "info",
    meaning: "How much is written to stderr",
    example: "warn",
  }),
  maxConcurrency: setting({
    name: "PROXMOX_MAX_CONCURRENCY",
    kind: whole(1, 256),
    default: "8",
    meaning: "Requests to Proxmox VE under way at once; the others wait in order",
    example: "8",
  }),
  rateLimit: setting({
    name: "PROXMOX_RATE_LIMIT",
    kind: whole(0, 1_000_000),
    default: "1200",
    meaning: "Calls a minute; one more is answered with the seconds to wait. 0 takes the limit away",
    example: "1200",
  }),
  allowUnsafeCommands: setting({
    name: "PROXMOX_ALLOW_UNSAFE_COMMANDS",
    kind: boolean,
    default: "false",
    meaning: "Allow characters that a shell interprets in commands for guests",
    example: "true",
  }),
  sshEnabled: setting({
    name: "PROXMOX_SSH_ENABLED",
    kind: boolean,
    default: "false",
    meaning: "Allow commands in LXC containers, over SSH to a node",
    example: "true",
  }),
  sshHosts: setting<Readonly<Record<string, Address>>>({
    name: "PROXMOX_SSH_HOSTS",
    kind: nodeAddresses,
    fallback: "as the cluster says",
    meaning: "Addresses of nodes for SSH, where the cluster's own aren't reachable from here",
    example: "pve1=10.0.0.1,pve2=10.0.0.2:2222",
  }),
  sshHost: setting<Address>({
    name: "PROXMOX_SSH_HOST",
    kind: sshAddress,
    fallback: "PROXMOX_HOST",
    meaning: "Host for SSH",
    example: "pve1.example.com",
  }),
  sshPort: setting({
    name: "PROXMOX_SSH_PORT",
    kind: port,
    default: "22",
    meaning: "Port for SSH",
    example: "22",
  }),
  sshUser: setting({
    name: "PROXMOX_SSH_USER",
    kind: loginName,
    default: "root",
    meaning: "Login name for SSH",
    example: "root",
  }),
  sshKeyPath: setting({
    name: "PROXMOX_SSH_KEY_PATH",
    kind: path("a file with the private key"),
    required: "with PROXMOX_SSH_ENABLED, unless PROXMOX_SSH_AGENT is set",
    meaning: "Private key for SSH",
    example: "~/.ssh/id_ed25519",
  }),
  sshKeyPassphrase: setting<string>({
    name: "PROXMOX_SSH_KEY_PASSPHRASE",
    kind: anyText,
    secret: true,
    meaning: "Passphrase of the private key",
    example: "correct horse battery staple",
  }),
  sshKeyPassphraseFile: setting({
    name: "PROXMOX_SSH_KEY_PASSPHRASE_FILE",
    kind: path("a file with the passphrase on its only line"),
    meaning: "File to read the passphrase from; a systemd credential `ssh-key-passphrase` is found by itself",
    example: "/etc/proxmox-mcp/ssh-key-passphrase",
  }),
  sshAgent: setting({
    name: "PROXMOX_SSH_AGENT",
    kind: path("an SSH agent's socket"),
    meaning: "Socket of an SSH agent that holds the key, in place of a key file",
    example: "/run/user/1000/ssh-agent.socket",
  }),
  sshNode: setting({
    name: "PROXMOX_SSH_NODE",
    kind: nodeName,
    fallback: "looked up",
    meaning: "Node that SSH reaches",
    example: "pve1",
  }),
  sshHostKeyFingerprint: setting({
    name: "PROXMOX_SSH_HOST_KEY_FINGERPRINT",
    kind: hostKeyFingerprints,
    meaning: "The host keys to accept, with commas between them; without it those of PROXMOX_SSH_KNOWN_HOSTS",
    example: `SHA256:${"A".repeat(43)}`,
  }),
  sshKnownHosts: setting({
    name: "PROXMOX_SSH_KNOWN_HOSTS",
    kind: path("a known_hosts file of OpenSSH"),
    meaning: "Host keys to accept, by host, as OpenSSH keeps them",
    example: "~/.ssh/known_hosts",
  }),
  sshWrapper: setting({
    name: "PROXMOX_SSH_WRAPPER",
    kind: path("proxmox-mcp-pct on the nodes"),
    fallback: "none for root, else /usr/local/sbin/proxmox-mcp-pct",
    meaning: "The program on the nodes that runs the commands: for users other than root, and as a forced command",
    example: "/usr/local/sbin/proxmox-mcp-pct",
  }),
} as const;

/** Every setting, in the order in which people are told of them. */
export const allSettings: readonly Setting<unknown>[] = Object.values(settings);

/** What is read beside the settings: HOME resolves `~/` in paths, systemd and the desktop name the folders. */
const surroundings = [
  "HOME",
  "CREDENTIALS_DIRECTORY",
  "STATE_DIRECTORY",
  "XDG_STATE_HOME",
  "LOCALAPPDATA",
  "NOTIFY_SOCKET",
] as const;

/** The environment variables that are read; Deno needs them as `--allow-env=…`. */
export const variables: readonly string[] = [...allSettings.map(({ name }) => name), ...surroundings];
