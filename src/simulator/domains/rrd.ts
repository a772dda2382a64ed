// Figures over time of nodes, guests and storages: the series that PVE's round-robin files would hold.
import type { Cluster } from "../engine/cluster.ts";
import { invalid } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { share, wave } from "../engine/random.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import { guestFigures, nodeFigures, storageUsage } from "../guests/figures.ts";
import { isOnNode } from "../guests/volumes.ts";
import { guestOf } from "./guest-config.ts";

type Point = Record<string, number>;

/** Seconds between two points, and how many there are. */
const frames: Readonly<Record<string, [step: number, count: number]>> = {
  hour: [60, 60],
  day: [60, 1440],
  week: [1800, 336],
  month: [1800, 1440],
  year: [21_600, 1460],
  decade: [604_800, 520],
};

/** Points at which something was measured hold its figures; those before hold the time alone. */
function series({ cluster, params }: Call, since: number, at: (time: number) => Point): Point[] {
  const [step, count] = frames[params.need("timeframe")] ?? [60, 60];
  const last = Math.floor(cluster.seconds() / step) * step - step;
  return Array.from({ length: count }, (_, index) => {
    const time = last - (count - 1 - index) * step;
    return time * 1000 < since ? { time } : { ...at(time), time };
  });
}

const pressure = (names: readonly string[]) => Object.fromEntries(names.map((name) => [`pressure${name}`, 0]));
const guestPressure = pressure(["cpufull", "cpusome", "iofull", "iosome", "memoryfull", "memorysome"]);
const nodePressure = pressure(["cpusome", "iofull", "iosome", "memoryfull", "memorysome"]);

function guestPoint(cluster: Cluster, guest: Guest, time: number): Point {
  const figures = guestFigures(cluster, guest);
  const still = { disk: figures.disk, maxcpu: figures.cpus, maxdisk: figures.maxdisk, maxmem: figures.maxmem };
  if (guest.process === undefined || time * 1000 < guest.process.since) return { ...still, disk: 0 };
  const moved = 0.5 + wave(share(`${guest.vmid}/rrd`), time * 1000, 1800);
  const rate = (total: number) => (total / Math.max(1, figures.uptime)) * moved;
  return {
    ...still,
    cpu: Math.min(1, figures.cpu * moved),
    diskread: rate(figures.diskread),
    diskwrite: rate(figures.diskwrite),
    mem: figures.mem,
    ...(guest.type === "qemu" ? { memhost: figures.memhost } : {}),
    netin: rate(figures.netin),
    netout: rate(figures.netout),
    ...guestPressure,
  };
}

function ofGuest(type: GuestType): Handler {
  return (call) => {
    const guest = guestOf(call, type);
    return series(call, guest.created, (time) => guestPoint(call.cluster, guest, time));
  };
}

function ofNode(call: Call): Point[] {
  const { cluster } = call;
  const node = cluster.node(call.node);
  const figures = nodeFigures(cluster, node);
  return series(call, node.bootTime, (time) => {
    const moved = 0.6 + 0.8 * wave(share(`${node.name}/rrd`), time * 1000, 3600);
    return {
      arcsize: 0,
      cpu: Math.min(1, figures.cpu * moved),
      iowait: figures.wait * moved,
      loadavg: figures.load[0] * moved,
      maxcpu: node.cpus,
      memavailable: node.memory - figures.mem,
      memtotal: node.memory,
      memused: figures.mem,
      netin: 20_000 * moved,
      netout: 30_000 * moved,
      rootused: figures.disk,
      roottotal: node.disk,
      swaptotal: 0,
      swapused: 0,
      ...nodePressure,
    };
  });
}

function ofStorage(call: Call): Point[] {
  const { cluster, node, params } = call;
  const id = params.need("storage");
  const storage = cluster.state.storages[id];
  if (storage === undefined || !isOnNode(storage, node)) throw invalid({ storage: "No such storage." });
  const { total, used } = storageUsage(cluster, storage, node);
  return series(call, cluster.node(node).bootTime, () => ({ total, used }));
}

export const rrd: Handlers = {
  "GET /nodes/{node}/rrddata": ofNode,
  "GET /nodes/{node}/qemu/{vmid}/rrddata": ofGuest("qemu"),
  "GET /nodes/{node}/lxc/{vmid}/rrddata": ofGuest("lxc"),
  "GET /nodes/{node}/storage/{storage}/rrddata": ofStorage,
};
