// /nodes/{node}/lxc: the table of containers' endpoints.
import type { Handlers } from "../engine/handler.ts";
import { guestConfigHandlers as config, guestOf } from "./guest-config.ts";
import { destroy } from "./guest-destroy.ts";
import { power } from "./guest-power.ts";
import { currentStatus, listRow } from "./guest-view.ts";
import { createContainer } from "./lxc-create.ts";
import { interfaces } from "./lxc-interfaces.ts";

const places =
  "config pending status vncproxy termproxy vncwebsocket spiceproxy migrate clone template initlog rrd rrddata firewall snapshot resize interfaces";
const states = "current start stop shutdown suspend reboot";
const subdirs = (names: string) => names.split(" ").map((subdir) => ({ subdir }));

export const lxc: Handlers = {
  "GET /nodes/{node}/lxc": ({ cluster, caller, node }) =>
    cluster
      .guests()
      .filter((guest) => guest.type === "lxc" && guest.node === node && caller.can(`/vms/${guest.vmid}`, ["VM.Audit"]))
      .map((guest) => listRow(cluster, guest)),
  "POST /nodes/{node}/lxc": createContainer,
  "GET /nodes/{node}/lxc/{vmid}/interfaces": interfaces,
  "GET /nodes/{node}/lxc/{vmid}": () => subdirs(places),
  "DELETE /nodes/{node}/lxc/{vmid}": destroy("lxc"),
  "GET /nodes/{node}/lxc/{vmid}/config": config.read("lxc"),
  "PUT /nodes/{node}/lxc/{vmid}/config": config.update("lxc"),
  "GET /nodes/{node}/lxc/{vmid}/pending": config.pending("lxc"),
  "PUT /nodes/{node}/lxc/{vmid}/resize": config.resize("lxc"),
  "GET /nodes/{node}/lxc/{vmid}/status": () => subdirs(states),
  "GET /nodes/{node}/lxc/{vmid}/status/current": (call) => currentStatus(call.cluster, guestOf(call, "lxc")),
  "POST /nodes/{node}/lxc/{vmid}/status/start": power.start("lxc"),
  "POST /nodes/{node}/lxc/{vmid}/status/stop": power.stop("lxc"),
  "POST /nodes/{node}/lxc/{vmid}/status/shutdown": power.shutdown("lxc"),
  "POST /nodes/{node}/lxc/{vmid}/status/reboot": power.reboot("lxc"),
  "POST /nodes/{node}/lxc/{vmid}/status/suspend": power.lxcCheckpoint("suspend"),
  "POST /nodes/{node}/lxc/{vmid}/status/resume": power.lxcCheckpoint("resume"),
};
