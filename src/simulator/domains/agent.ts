// /nodes/{node}/qemu/{vmid}/agent: a guest agent in a plain Linux guest (facts 37, 38, 54).
import { Buffer } from "node:buffer";
import { ApiError, failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Guest, Inside } from "../engine/state.ts";
import { networkInterfaces } from "../guests/agent-network.ts";
import { cpuCount, guestName } from "../guests/figures.ts";
import { filesIn, runProgram } from "../guests/program.ts";
import { end } from "../guests/run.ts";
import { guestOf } from "./guest-config.ts";

interface Session {
  call: Call;
  guest: Guest;
  inside: Inside;
}

/** PVE waits so long for an agent that doesn't answer, ms. */
const pingTimeout = 3000;
/** A program that isn't there breaks the daemon's connection after this long (facts 54), ms. */
const brokenPipeTime = 5000;

/** The agent of a VM that runs and has one; a VM during its first seconds has none yet. */
async function session(call: Call): Promise<Session> {
  const guest = guestOf(call, "qemu");
  const { agent } = guest.config.values;
  if (agent === undefined || !/^(?:enabled=)?1/.test(agent)) throw failure("No QEMU guest agent configured");
  if (guest.process === undefined) throw failure(`VM ${guest.vmid} is not running`);
  const booting = call.cluster.now() - guest.process.since < 5000;
  if (booting || guest.process.paused || !guest.process.system) {
    await call.cluster.wait(pingTimeout);
    throw failure("QEMU guest agent is not running");
  }
  return { call, guest, inside: guest.process.inside };
}

type Command = (session: Session) => unknown;

/** What the agent answers comes wrapped. */
function wrapped(name: string): Handler {
  return async (call) => {
    const command = commands[name];
    if (command === undefined) throw failure(`the agent's command '${name}' is not modelled by the embedded cluster`);
    return { result: command(await session(call)) };
  };
}

const nanoseconds = ({ call }: Session) => call.cluster.now() * 1_000_000;

/** The commands that take nothing, by the name that PVE gives them. */
const commands: Readonly<Record<string, Command>> = {
  ping: () => ({}),
  "get-host-name": ({ guest }: Session) => ({ "host-name": guestName(guest) }),
  "get-osinfo": () => ({
    id: "debian",
    "kernel-release": "6.12.48+deb13-amd64",
    "kernel-version": "#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)",
    machine: "x86_64",
    name: "Debian GNU/Linux",
    "pretty-name": "Debian GNU/Linux 13 (trixie)",
    version: "13 (trixie)",
    "version-id": "13",
  }),
  "get-time": nanoseconds,
  "get-timezone": () => ({ offset: 0, zone: "UTC" }),
  "get-users": () => [],
  "get-vcpus": ({ guest, call }: Session) =>
    Array.from({ length: cpuCount(guest, call.cluster.state.nodes[guest.node]) }, (_, id) => ({
      "can-offline": id > 0,
      "logical-id": id,
      online: true,
    })),
  "get-fsinfo": () => [
    {
      disk: [{ bus: 0, "bus-type": "scsi", dev: "/dev/sda1", target: 0, unit: 0 }],
      mountpoint: "/",
      name: "sda1",
      "total-bytes": 31_000_000_000,
      type: "ext4",
      "used-bytes": 6_400_000_000,
    },
  ],
  "get-memory-block-info": () => ({ size: 134_217_728 }),
  "get-memory-blocks": () => [0, 1].map((index) => ({ "can-offline": true, online: true, "phys-index": index })),
  info: () => ({
    supported_commands: Object.keys(commands).map((name) => ({
      enabled: true,
      name: `guest-${name}`,
      "success-response": true,
    })),
    version: "10.0.2",
  }),
  "network-get-interfaces": ({ guest }: Session) => networkInterfaces(guest),
  "fsfreeze-status": ({ inside }: Session) => (inside.frozen ? "frozen" : "thawed"),
  "fsfreeze-freeze": ({ inside }: Session) => {
    inside.frozen = true;
    return 1;
  },
  "fsfreeze-thaw": ({ inside }: Session) => {
    const count = inside.frozen ? 1 : 0;
    inside.frozen = false;
    return count;
  },
  fstrim: () => ({ paths: [{ minimum: 0, path: "/", trimmed: 1_056_837_632 }] }),
  "suspend-disk": () => ({
    error: { class: "GenericError", desc: "the requested suspend mode is not supported by the guest" },
  }),
  "suspend-hybrid": () => ({
    error: { class: "GenericError", desc: "the requested suspend mode is not supported by the guest" },
  }),
};

/** POST agent: any command by its name. */
function byName(call: Call): unknown {
  const name = call.params.need("command");
  return wrapped(name)(call);
}

function assertThawed(inside: Inside, command: string): void {
  if (inside.frozen) throw failure(`Agent error: Command ${command} has been disabled: the command is not allowed`);
}

async function exec(call: Call): Promise<unknown> {
  const { inside, guest } = await session(call);
  assertThawed(inside, "guest-exec");
  const program = runProgram(guest, inside, call.params.list("command"), call.params.text("input-data") ?? "");
  if (program === undefined) {
    await call.cluster.wait(brokenPipeTime);
    throw new ApiError(596, "Broken pipe");
  }
  const pid = call.cluster.random.between(300, 30_000);
  const { ms, ...result } = program;
  inside.programs[String(pid)] = ms === undefined ? result : { ...result, until: call.cluster.now() + ms };
  return { pid };
}

/** A result can be fetched once; QEMU's agent garbles the number in its complaint. */
async function execStatus(call: Call): Promise<unknown> {
  const { inside } = await session(call);
  const pid = call.params.need("pid");
  const program = inside.programs[pid];
  if (program === undefined) throw failure("Agent error: PID ld does not exist");
  if ((program.until ?? 0) > call.cluster.now()) return { exited: 0 };
  delete inside.programs[pid];
  return {
    exitcode: program.exitcode,
    exited: 1,
    ...(program.out === "" ? {} : { "out-data": program.out, "out-truncated": 0 }),
    ...(program.err === "" ? {} : { "err-data": program.err, "err-truncated": 0 }),
  };
}

/** Bytes that PVE reads at most. */
const longestRead = 16_777_216;

async function readFile(call: Call): Promise<unknown> {
  const { inside, guest } = await session(call);
  const name = call.params.need("file");
  const content = filesIn(guest, inside)[name];
  if (content === undefined)
    throw failure(`Agent error: failed to open file '${name}' (mode: 'r'): No such file or directory`);
  const bytes = Buffer.from(content, "utf8");
  const offset = Number(call.params.text("offset") ?? 0);
  const part = bytes.subarray(offset, offset + Number(call.params.text("count") ?? longestRead));
  const isPlain = !call.params.has("decode") || call.params.flag("decode");
  return {
    "bytes-read": part.length,
    content: part.toString(isPlain ? "utf8" : "base64"),
    ...(offset + part.length < bytes.length ? { truncated: 1 } : {}),
  };
}

async function writeFile(call: Call): Promise<null> {
  const { inside } = await session(call);
  assertThawed(inside, "guest-file-open");
  const content = call.params.need("content");
  const encoded = call.params.has("encode") && !call.params.flag("encode");
  inside.files[call.params.need("file")] = encoded ? Buffer.from(content, "base64").toString("utf8") : content;
  return null;
}

/** The users inside; the rest is not there for the agent to change. */
const insideUsers = ["root", "debian", "appuser"];

async function setPassword(call: Call): Promise<unknown> {
  await session(call);
  if (insideUsers.includes(call.params.need("username"))) return { result: {} };
  throw failure(
    "Agent error: child process has failed to set user password: failed to exec 'chpasswd': No such file or directory\n",
  );
}

/** The guest goes down as if its power button had been pressed. */
async function shutdown(call: Call): Promise<unknown> {
  const { guest } = await session(call);
  end(call.cluster, guest);
  return { result: null };
}

/** The guest sleeps until it is resumed. */
async function suspend(call: Call): Promise<unknown> {
  const { guest } = await session(call);
  if (guest.process) guest.process.paused = true;
  return { result: null };
}

export const agent: Handlers = {
  "POST /nodes/{node}/qemu/{vmid}/agent/set-user-password": setPassword,
  "POST /nodes/{node}/qemu/{vmid}/agent/shutdown": shutdown,
  "POST /nodes/{node}/qemu/{vmid}/agent": byName,
  "POST /nodes/{node}/qemu/{vmid}/agent/exec": exec,
  "GET /nodes/{node}/qemu/{vmid}/agent/exec-status": execStatus,
  "GET /nodes/{node}/qemu/{vmid}/agent/file-read": readFile,
  "POST /nodes/{node}/qemu/{vmid}/agent/file-write": writeFile,
  "POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-freeze": wrapped("fsfreeze-freeze"),
  "POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-status": wrapped("fsfreeze-status"),
  "POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-thaw": wrapped("fsfreeze-thaw"),
  "POST /nodes/{node}/qemu/{vmid}/agent/fstrim": wrapped("fstrim"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-fsinfo": wrapped("get-fsinfo"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-host-name": wrapped("get-host-name"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-memory-block-info": wrapped("get-memory-block-info"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-memory-blocks": wrapped("get-memory-blocks"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-osinfo": wrapped("get-osinfo"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-time": wrapped("get-time"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-timezone": wrapped("get-timezone"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-users": wrapped("get-users"),
  "GET /nodes/{node}/qemu/{vmid}/agent/get-vcpus": wrapped("get-vcpus"),
  "GET /nodes/{node}/qemu/{vmid}/agent/info": wrapped("info"),
  "GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces": wrapped("network-get-interfaces"),
  "POST /nodes/{node}/qemu/{vmid}/agent/ping": wrapped("ping"),
  "POST /nodes/{node}/qemu/{vmid}/agent/suspend-disk": wrapped("suspend-disk"),
  "POST /nodes/{node}/qemu/{vmid}/agent/suspend-hybrid": wrapped("suspend-hybrid"),
  "POST /nodes/{node}/qemu/{vmid}/agent/suspend-ram": suspend,
};
