// Consoles of guests: tickets and ports for VNC, terminal and SPICE, keys, the monitor. Nothing listens behind them.
import { Buffer } from "node:buffer";
import { ApiError, failure, invalid } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import { guestName } from "../guests/figures.ts";
import { guestOf } from "./guest-config.ts";

/** A console that nobody connects to gives up after so long, ms. */
const patience = 10_000;
const firstPort = 5900;

/** A signed ticket of PVE's form. */
function ticket({ cluster }: Call, kind: string): string {
  const time = cluster.seconds().toString(16).toUpperCase().padStart(8, "0");
  return `${kind}:${time}::${Buffer.from(cluster.random.hex(512), "hex").toString("base64")}`;
}

/** The first port that no console task of this node has. */
function freePort({ cluster, node }: Call): number {
  const open = cluster.state.tasks.filter(
    (task) => task.node === node && task.type.startsWith("vnc") && task.exitstatus === undefined,
  );
  return firstPort + open.length;
}

/** The guest on the node of the path: these requests are answered by the node that is asked, whichever that is. */
function shownGuest(call: Call, type: GuestType): Guest {
  const named = call.params.text("node");
  return guestOf(named === undefined || named === "localhost" ? call : { ...call, node: named }, type);
}

function proxyTask(call: Call): string {
  const { cluster, caller, node, params } = call;
  return cluster.fork(caller, node, "vncproxy", params.need("vmid"), function* () {
    yield patience;
    throw failure("connection timed out");
  });
}

/** Eight characters of those that PVE draws from, some of which mean something in a URL. */
function screenPassword({ cluster }: Call): string {
  return Array.from({ length: 8 }, () => String.fromCharCode(cluster.random.between(33, 95))).join("");
}

/** A VM's screen has a password of its own, which the ticket carries; a container's when it is meant for a websocket. */
function vncproxy(type: GuestType): Handler {
  return (call) => {
    shownGuest(call, type);
    const { cluster, params } = call;
    const port = String(freePort(call));
    const always = type === "qemu" && cluster.state.release !== "8.4";
    const protectedBy = always || params.flag("generate-password") || (type === "lxc" && params.flag("websocket"));
    const password = protectedBy ? screenPassword(call) : undefined;
    const [own] = cluster.node(call.node).certificates ?? [];
    return {
      ...(own === undefined ? {} : { cert: own.pem }),
      ...(password === undefined ? {} : { password }),
      port,
      ticket: `${password === undefined ? "" : `${password}:`}${ticket(call, "PVEVNC")}`,
      upid: proxyTask(call),
      user: call.caller.name,
    };
  };
}

function termproxy(type: GuestType): Handler {
  return (call) => {
    const guest = shownGuest(call, type);
    const serial = call.params.text("serial");
    const { vga } = guest.config.values;
    if (
      type === "qemu" &&
      serial === undefined &&
      vga !== undefined &&
      /^serial\d$/.test(vga) &&
      guest.config.values[vga] === undefined
    )
      throw failure("unable to find a serial interface");
    return {
      port: String(freePort(call)),
      ticket: ticket(call, "PVEVNC"),
      upid: proxyTask(call),
      user: call.caller.name,
    };
  };
}

function spiceproxy(type: GuestType): Handler {
  return (call) => {
    const { cluster, node, params } = call;
    const guest = guestOf(call, type);
    if (guest.process === undefined) throw failure(`${type === "qemu" ? "VM" : "CT"} ${guest.vmid} not running`);
    const time = cluster.seconds().toString(16);
    const { search } = cluster.node(node).dns;
    const fqdn = search === undefined ? node : `${node}.${search}`;
    return {
      "delete-this-file": 1,
      host: `pvespiceproxy:${time}:${guest.vmid}:${node}:61000::${cluster.random.hex(40)}`,
      "host-subject": `OU=PVE Cluster Node,O=Proxmox Virtual Environment,CN=${fqdn}`,
      password: cluster.random.hex(40),
      proxy: `http://${params.text("proxy") ?? fqdn}:3128`,
      "release-cursor": "Ctrl+Alt+R",
      "secure-attention": "Ctrl+Alt+Ins",
      title: `${type === "qemu" ? "VM" : "CT"} ${guest.vmid} - ${guestName(guest)}`,
      "tls-port": 61_000,
      "toggle-fullscreen": "Shift+F11",
      type: "spice",
    };
  };
}

function websocket(type: GuestType): Handler {
  return (call) => {
    const given = call.params.need("vncticket");
    if (!/^(?:.{8}:)?PVEVNC:[0-9A-F]{8}::/s.test(given))
      throw new ApiError(401, "permission denied - invalid PVEVNC ticket");
    shownGuest(call, type);
    return { port: call.params.need("port") };
  };
}

function tunnelSocket(): never {
  throw new ApiError(401, "permission denied - invalid PVETUNNEL ticket");
}

const keys =
  /^(?:(?:ctrl|shift|alt|meta|[lr]?(?:ctrl|shift|alt|meta)|ctrl_[rl]|shift_[rl]|alt_[rl]|meta_[rl]|[a-z0-9]|f\d{1,2}|ret|spc|esc|tab|backspace|delete|insert|home|end|pgup|pgdn|up|down|left|right|sysrq|print|minus|equal|dot|comma|slash|semicolon|kp_\w+|0x[0-9a-f]+)(?:-|$))+$/;

function sendKey(call: Call): null {
  const guest = runningVm(call);
  if (guest.process !== undefined && keys.test(call.params.need("key"))) return null;
  throw new ApiError(400, "Bad Request", undefined, true);
}

function runningVm(call: Call): Guest {
  const guest = guestOf(call, "qemu");
  if (guest.process === undefined) throw failure(`VM ${guest.vmid} not running`);
  return guest;
}

/** The few questions to QEMU's monitor whose answers follow from the state. */
function monitor(call: Call): string {
  const guest = runningVm(call);
  const command = call.params.need("command").trim().replaceAll(/\s+/g, " ");
  const answers: Record<string, string> = {
    "info name": `${guestName(guest)}\r\n`,
    "info status": `VM status: ${guest.process?.paused === true ? "paused" : "running"}\r\n`,
    "info uuid": `${/uuid=([0-9a-f-]+)/.exec(guest.config.values.smbios1 ?? "")?.[1] ?? ""}\r\n`,
    "info version": "10.2.2\r\n",
  };
  const answer = answers[command];
  if (answer === undefined)
    throw new ApiError(501, `the monitor's command '${command}' is not modelled by the embedded cluster`);
  return answer;
}

function dbusVmstate(call: Call): never {
  const { params, node } = call;
  throw invalid({ node: `VM ${params.need("vmid")} not running locally on node '${node}'` });
}

/** The other side's half of a migration from elsewhere. */
function tunnel(type: GuestType): Handler {
  return (call) => {
    const { cluster, caller, node, params } = call;
    const vmid = params.number("vmid") ?? 0;
    if (cluster.guest(vmid) !== undefined)
      throw failure(`${type === "qemu" ? "VM" : "CT"} ${vmid} already exists on node '${cluster.guest(vmid)?.node}'`);
    const upid = cluster.fork(caller, node, type === "qemu" ? "qmtunnel" : "vzmtunnel", String(vmid), function* () {
      yield patience * 30;
      throw failure("mtunnel exited - timeout");
    });
    const socket = type === "qemu" ? `/run/qemu-server/${vmid}.mtunnel` : `/run/pve/ct-${vmid}.mtunnel`;
    return { socket, ticket: ticket(call, "PVETUNNEL"), upid };
  };
}

export const guestScreen: Handlers = {
  "POST /nodes/{node}/qemu/{vmid}/vncproxy": vncproxy("qemu"),
  "POST /nodes/{node}/lxc/{vmid}/vncproxy": vncproxy("lxc"),
  "POST /nodes/{node}/qemu/{vmid}/termproxy": termproxy("qemu"),
  "POST /nodes/{node}/lxc/{vmid}/termproxy": termproxy("lxc"),
  "POST /nodes/{node}/qemu/{vmid}/spiceproxy": spiceproxy("qemu"),
  "POST /nodes/{node}/lxc/{vmid}/spiceproxy": spiceproxy("lxc"),
  "GET /nodes/{node}/qemu/{vmid}/vncwebsocket": websocket("qemu"),
  "GET /nodes/{node}/lxc/{vmid}/vncwebsocket": websocket("lxc"),
  "GET /nodes/{node}/qemu/{vmid}/mtunnelwebsocket": tunnelSocket,
  "GET /nodes/{node}/lxc/{vmid}/mtunnelwebsocket": tunnelSocket,
  "POST /nodes/{node}/qemu/{vmid}/mtunnel": tunnel("qemu"),
  "POST /nodes/{node}/lxc/{vmid}/mtunnel": tunnel("lxc"),
  "PUT /nodes/{node}/qemu/{vmid}/sendkey": sendKey,
  "POST /nodes/{node}/qemu/{vmid}/monitor": monitor,
  "POST /nodes/{node}/qemu/{vmid}/dbus-vmstate": dbusVmstate,
};
