// /nodes/{node}/qemu: the table of VMs' endpoints.
import type { Handlers } from "../engine/handler.ts";
import { guestConfigHandlers as config, guestOf } from "./guest-config.ts";
import { destroy } from "./guest-destroy.ts";
import { power } from "./guest-power.ts";
import { currentStatus, listRow } from "./guest-view.ts";
import { createVm } from "./qemu-create.ts";

const places =
  "config cloudinit pending status unlink vncproxy termproxy migrate resize move rrd rrddata monitor agent snapshot spiceproxy sendkey firewall mtunnel remote_migrate";
const states = "current start stop reset shutdown suspend reboot";
const subdirs = (names: string) => names.split(" ").map((subdir) => ({ subdir }));

export const qemu: Handlers = {
  "GET /nodes/{node}/qemu": ({ cluster, caller, node }) =>
    cluster
      .guests()
      .filter((guest) => guest.type === "qemu" && guest.node === node && caller.can(`/vms/${guest.vmid}`, ["VM.Audit"]))
      .map((guest) => listRow(cluster, guest)),
  "POST /nodes/{node}/qemu": createVm,
  "GET /nodes/{node}/qemu/{vmid}": () => subdirs(places),
  "DELETE /nodes/{node}/qemu/{vmid}": destroy("qemu"),
  "GET /nodes/{node}/qemu/{vmid}/config": config.read("qemu"),
  "PUT /nodes/{node}/qemu/{vmid}/config": config.update("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/config": config.updateInTask,
  "GET /nodes/{node}/qemu/{vmid}/pending": config.pending("qemu"),
  "PUT /nodes/{node}/qemu/{vmid}/resize": config.resize("qemu"),
  "PUT /nodes/{node}/qemu/{vmid}/unlink": config.unlink,
  "GET /nodes/{node}/qemu/{vmid}/status": () => subdirs(states),
  "GET /nodes/{node}/qemu/{vmid}/status/current": (call) => currentStatus(call.cluster, guestOf(call, "qemu")),
  "POST /nodes/{node}/qemu/{vmid}/status/start": power.start("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/status/stop": power.stop("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/status/shutdown": power.shutdown("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/status/reboot": power.reboot("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/status/reset": power.reset,
};
