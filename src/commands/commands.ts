// Owns the table of commands: what each is called, takes and does, and which file runs it.
import type { Command, Option } from "./command.ts";

/** What the program is called in help, usage lines and the manual page. */
export const program = "proxmox-mcp";

/** Options that every command takes. */
export const everywhere: readonly Option[] = [
  { name: "help", short: "h", summary: "show this help" },
  { name: "version", short: "V", summary: "show the version" },
];

/** Which tools are there; each stands for a setting. */
const narrowing: readonly Option[] = [
  {
    name: "read-only",
    summary: "list and run read actions alone, as PROXMOX_READ_ONLY=true does",
    sets: { PROXMOX_READ_ONLY: "true" },
  },
  {
    name: "toolsets",
    value: "LIST",
    summary: "categories of tools, or monitoring, operator, all; as PROXMOX_TOOLSETS",
    variable: "PROXMOX_TOOLSETS",
  },
  { name: "tools", value: "LIST", summary: "tools, as PROXMOX_TOOLS", variable: "PROXMOX_TOOLS" },
  {
    name: "exclude-tools",
    value: "LIST",
    summary: "without these tools, as PROXMOX_EXCLUDE_TOOLS",
    variable: "PROXMOX_EXCLUDE_TOOLS",
  },
];

/** Without a command's name the first one is meant. */
export const commands: readonly [Command, ...Command[]] = [
  {
    name: "serve",
    summary: "serve MCP over stdin and stdout (what happens without a command), or over HTTP",
    details:
      "An MCP client starts it. With a wrong or missing setting it serves all the same, and each call is answered with the list of what is wrong. With --http it is a service for several people, each with a token of `proxmox-mcp token`; docs/http.md has more.",
    settings: true,
    options: [
      { name: "demo", summary: "serve the cluster built into the program, without any setting" },
      ...narrowing,
      { name: "http", value: "ADDRESS", summary: "serve over HTTP on [HOST:]PORT (loopback unless told) or unix:PATH" },
      { name: "tls-cert", value: "FILE", summary: "with --http: certificate and its chain, PEM; read again on SIGHUP" },
      { name: "tls-key", value: "FILE", summary: "with --http: the certificate's key, PEM" },
      { name: "behind-proxy", summary: "with --http: off loopback without TLS, since a proxy before it has that" },
      {
        name: "allow-host",
        value: "NAME",
        summary: "with --http: a name under which clients reach it; may come more than once",
        repeated: true,
      },
      { name: "no-auth", summary: "with --http on loopback: ask for no token" },
    ],
    arguments: [],
    examples: [
      { line: "serve --demo", meaning: "try the tools in a client, with no cluster at hand" },
      { line: "serve --read-only", meaning: "let a model look and change nothing" },
      { line: "serve --toolsets guests,backup", meaning: "show a model some of the tools alone" },
      { line: "serve --http 8080", meaning: "a service on this machine, for those with a token" },
    ],
    load: () => import("./serve.ts"),
  },
  {
    name: "demo",
    summary:
      "play three stories on the cluster built into the program: a new VM, high availability, a VM that won't start",
    details:
      "Each call and each answer is printed. It fails when the state read back at the end isn't the one that the story promises.",
    options: [],
    arguments: [{ name: "STORY", summary: "create-vm, high-availability or wont-start; without it all of them" }],
    examples: [
      { line: "demo", meaning: "see what the tools do, in some seconds" },
      { line: "demo wont-start", meaning: "one story alone" },
    ],
    load: () => import("./demo.ts"),
  },
  {
    name: "tools",
    summary: "list the tools",
    options: [{ name: "json", summary: "as JSON, the way a client receives them" }, ...narrowing],
    arguments: [],
    examples: [
      { line: "tools", meaning: "names and titles" },
      { line: "tools --json", meaning: "with schemas and hints" },
    ],
    load: () => import("./tools.ts"),
  },
  {
    name: "call",
    summary: "call one tool and print its answer",
    settings: true,
    options: [{ name: "demo", summary: "on the cluster built into the program, without any setting" }],
    arguments: [
      { name: "TOOL", summary: "name of the tool, see `proxmox-mcp tools`", required: true },
      { name: "ARGUMENT", summary: "key=value, or all arguments as one JSON object", repeated: true },
    ],
    examples: [
      { line: "call --demo proxmox_guest_list", meaning: "with no cluster at hand" },
      { line: "call proxmox_guest_status vmid=100", meaning: "one argument" },
      { line: `call proxmox_guest_start '{"vmid": "web-01", "wait": 0}'`, meaning: "arguments as JSON" },
    ],
    load: () => import("./call.ts"),
  },
  {
    name: "token",
    summary: "make, list and revoke the tokens of `serve --http`",
    details:
      "ACTION is new, list or revoke. A token's value is printed once; only its hash is kept. What narrows a token narrows lists and calls alike, and the service's own settings are the ceiling.",
    options: [
      { name: "read-only", summary: "the token may only read" },
      { name: "toolsets", value: "LIST", summary: "the categories of tools that it may use, as PROXMOX_TOOLSETS" },
      { name: "tools", value: "LIST", summary: "the tools that it may use, as PROXMOX_TOOLS" },
      { name: "exclude-tools", value: "LIST", summary: "the tools that it may not use, as PROXMOX_EXCLUDE_TOOLS" },
      { name: "deny", value: "LIST", summary: "the kinds of actions that it may not use, as PROXMOX_DENY" },
      { name: "expires", value: "WHEN", summary: "when it ends: 30d, 12h, 2027-01-31, 2027-01-31T12:00:00Z (never)" },
      { name: "own-pve-token", summary: "whoever uses it sends a PVE token too, and that alone runs the calls" },
      {
        name: "state",
        value: "FOLDER",
        summary: "the service's state folder (STATE_DIRECTORY, or that of this user)",
        variable: "STATE_DIRECTORY",
      },
    ],
    arguments: [
      { name: "ACTION", summary: "new, list or revoke", required: true },
      { name: "NAME", summary: "name of the token: alice, ci, backup-bot" },
    ],
    examples: [
      { line: "token new alice --toolsets guests,backup --expires 90d", meaning: "a token for a person" },
      {
        line: "token new bob --own-pve-token",
        meaning: "one whose owner brings a PVE token: PVE decides, and logs the name",
      },
      { line: "token list", meaning: "who has one, and what it may" },
      { line: "token revoke alice", meaning: "take one away; a running service refuses it at once" },
    ],
    load: () => import("./token.ts"),
  },
  {
    name: "doctor",
    summary: "tell what is wrong: settings, network, certificate, token, cluster, this machine",
    details:
      "Each line is ok, a warning or failed, with what to do. Nothing is changed; what the token lacks for the enabled tools is printed as the pveum lines that give it. On a Proxmox VE host it asks that node when PROXMOX_HOST isn't set.",
    settings: true,
    options: [
      { name: "json", summary: "print one line of JSON" },
      {
        name: "client",
        value: "claude-desktop|claude-code|cursor|vscode|codex|gemini",
        summary: "print the settings of a client for this machine",
      },
    ],
    arguments: [],
    examples: [
      { line: "doctor", meaning: "look at everything" },
      { line: "doctor --client claude-code", meaning: "how Claude Code is told of this program" },
    ],
    load: () => import("./doctor.ts"),
  },
  {
    name: "simulator",
    summary: "serve the cluster built into the program over HTTPS, as a Proxmox VE host does",
    details:
      "For curl, for other clients, for tests. It listens on loopback and forgets everything when it ends. A fault is `KIND,key=value,…`; docs/embedded-cluster.md has the kinds and keys.",
    options: [
      { name: "port", value: "N", summary: "port to listen on; 0 for any (8006, or any when that is taken)" },
      { name: "pve", value: "8.4|9.1|9.2", summary: "release of Proxmox VE (9.2)" },
      { name: "nodes", value: "N", summary: "make a cluster of so many nodes, up to 100" },
      { name: "guests", value: "N", summary: "make a cluster of so many guests, up to 10000" },
      {
        name: "start",
        value: "demo|recorded",
        summary: "a dozen guests, or three fresh nodes with storage local (demo)",
      },
      { name: "speed", value: "N", summary: "let simulated time run N times faster (1)" },
      { name: "seed", value: "N", summary: "what is random is drawn from it: the same seed gives the same tokens" },
      { name: "listen", value: "ADDRESS", summary: "address to listen on (127.0.0.1)" },
      { name: "offline", value: "NODE", summary: "a node that is off; may come more than once", repeated: true },
      { name: "no-quorum", summary: "a cluster that has lost its quorum" },
      { name: "ceph", summary: "a cluster whose Ceph is at work; without it Ceph isn't installed" },
      { name: "fault", value: "RULE", summary: "a fault on demand; may come more than once", repeated: true },
      { name: "json", summary: "print one line of JSON: url, fingerprint, tokens" },
      { name: "coverage", summary: "print what of the API is modelled, and end" },
    ],
    arguments: [],
    examples: [
      { line: "simulator", meaning: "a cluster to try things on" },
      { line: "simulator --json --port 0 --speed 20", meaning: "the other side of a test" },
      { line: "simulator --nodes 5 --guests 2000", meaning: "a large cluster" },
      { line: "simulator --fault reset-after,method=POST,nth=1", meaning: "lose the answer to the first write" },
    ],
    load: () => import("./simulator.ts"),
  },
  {
    name: "version",
    summary: "show the version, the runtime and the platform",
    options: [],
    arguments: [],
    examples: [{ line: "version", meaning: "one line" }],
    load: () => import("./version.ts"),
  },
  {
    name: "help",
    summary: "show what a command takes",
    options: [],
    arguments: [{ name: "COMMAND", summary: "name of a command" }],
    examples: [{ line: "help call", meaning: "the same as call --help" }],
    load: () => import("./help.ts"),
  },
];
