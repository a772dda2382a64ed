// Ceph's OSDs: the tree of hosts and disks, and each disk put in, taken out, made and destroyed.
import { type Ceph, type CephOsd, cephVersion } from "../engine/ceph.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { asked, noMonitors, refusedByCeph } from "./ceph-cluster.ts";

type Row = Record<string, unknown>;

export const isUp = ({ cluster }: Call, osd: CephOsd) =>
  osd.stopped !== true && cluster.state.nodes[osd.node]?.online === true;

const tib = 1024 ** 4;
const usualFlags = "sortbitwise,recovery_deletes,purged_snapdirs,pglog_hardlimit";
const weightOf = (size: number) => Number((size / tib).toFixed(5));

/** How many placement groups lie on an OSD: each pool's, times its copies, spread over what is in. */
function pgsOn(ceph: Ceph, osd: CephOsd): number {
  const members = Object.values(ceph.osds).filter((one) => one.in).length;
  const all = Object.values(ceph.pools).reduce(
    (sum, { settings }) => sum + Number(settings.pg_num ?? 1) * Number(settings.size ?? 3),
    0,
  );
  return osd.in && members > 0 ? Math.round(all / members) : 0;
}

function leaf(call: Call, ceph: Ceph, id: string, osd: CephOsd): Row {
  return {
    id,
    name: `osd.${id}`,
    type: "osd",
    leaf: 1,
    host: osd.node,
    status: isUp(call, osd) ? "up" : "down",
    in: osd.in ? 1 : 0,
    crush_weight: weightOf(osd.size),
    reweight: osd.in ? 1 : 0,
    device_class: osd.class,
    pgs: pgsOn(ceph, osd),
    total_space: osd.size,
    bytes_used: osd.used,
    percent_used: (osd.used * 100) / osd.size,
    commit_latency_ms: 0,
    apply_latency_ms: 0,
    osdtype: "bluestore",
    blfsdev: osd.device,
    dbdev: osd.db ?? null,
    waldev: osd.wal ?? null,
    ceph_version: cephVersion.full,
    ceph_version_short: cephVersion.short,
  };
}

function tree(call: Call, ceph: Ceph): Row {
  const hosts = [...new Set(Object.values(ceph.osds).map(({ node }) => node))];
  const children = hosts.map((host, index) => {
    const own = Object.entries(ceph.osds).filter(([, { node }]) => node === host);
    return {
      id: String(-3 - 2 * index),
      name: host,
      type: "host",
      leaf: 0,
      pgs: 0,
      version: cephVersion.short,
      children: own.map(([id, osd]) => leaf(call, ceph, id, osd)),
    };
  });
  const rest = children.length > 0 ? { children } : {};
  const top = { id: "-1", name: "default", type: "root", leaf: 0, pgs: 0, reweight: -1, ...rest };
  return {
    flags: [...[...ceph.flags].sort(), usualFlags].join(","),
    root: { children: [top], leaf: 0 },
  };
}

function named(call: Call, ceph: Ceph): CephOsd {
  const id = call.params.need("osdid");
  const osd = ceph.osds[id];
  if (osd === undefined) throw failure(`no such OSD '${id}'`);
  return osd;
}

const moved = (isIn: boolean): Handler =>
  asked((call, ceph) => {
    named(call, ceph).in = isIn;
    return null;
  });

/** Whole disks that nothing lies on; PVE takes no partition of the system's. */
const isFree = (ceph: Ceph, node: string, device: string) =>
  /^\/dev\/(?:sd[b-z]|vd[b-z]|nvme\d+n1)$/.test(device) &&
  !Object.values(ceph.osds).some((osd) => osd.node === node && [osd.device, osd.db, osd.wal].includes(device));

function create(call: Call, ceph: Ceph): string {
  const { cluster, caller, node, params } = call;
  const device = params.need("dev");
  if (!/^\/dev\/(?:sd[b-z]|vd[b-z]|nvme\d+n1)$/.test(device)) throw failure("not a valid block device");
  if (!isFree(ceph, node, device)) throw failure(`device '${device}' is already in use`);
  return cluster.fork(caller, node, "cephcreateosd", device.slice("/dev/".length), function* (worker) {
    worker.log(`create OSD on ${device} (bluestore)`);
    yield 6000;
    const id = String(Object.keys(ceph.osds).length === 0 ? 0 : Math.max(...Object.keys(ceph.osds).map(Number)) + 1);
    const [db, wal] = [params.text("db_dev"), params.text("wal_dev")];
    ceph.osds[id] = {
      node,
      since: cluster.now(),
      device,
      ...(db === undefined ? {} : { db }),
      ...(wal === undefined ? {} : { wal }),
      ...(params.flag("encrypted") ? { encrypted: true } : {}),
      size: 4 * tib,
      used: 27 * 1024 ** 2,
      class: params.text("crush-device-class") ?? "hdd",
      in: true,
    };
    worker.log(`--> ceph-volume lvm create successful for: ${device}`);
  });
}

function destroy(call: Call, ceph: Ceph): string {
  const { cluster, caller, node, params } = call;
  const id = params.need("osdid");
  const osd = ceph.osds[id];
  const place = "at /usr/share/perl5/PVE/API2/Ceph/OSD.pm line 1008.";
  if (osd?.node !== node) throw failure(`OSD osd.${id} does not belong to node ${node}! ${place}`);
  if (osd.in) throw failure("osd is in use (in == 1)");
  if (isUp(call, osd)) throw failure("osd is still running (up == 1)");
  return cluster.fork(caller, node, "cephdestroyosd", `osd.${id}`, function* (worker) {
    worker.log(`destroy OSD osd.${id}`, `Remove osd.${id} from the CRUSH map`);
    worker.log(`Remove the osd.${id} authentication key.`, `Remove OSD osd.${id}`);
    yield 2000;
    delete ceph.osds[id];
    worker.log(`Unmount OSD osd.${id} from  /var/lib/ceph/osd/ceph-${id}`);
  });
}

function metadata(call: Call, ceph: Ceph): Row {
  const id = call.params.need("osdid");
  const osd = ceph.osds[id];
  if (osd === undefined) throw refusedByCeph("osd metadata", `osd.${id} does not exist`);
  const ip = call.cluster.state.nodes[osd.node]?.ip ?? "";
  const address = (port: number) => `[v2:${ip}:${port}/2005767105,v1:${ip}:${port + 1}/2005767105]`;
  const device = (kind: string, node: string, size: number) => ({
    dev_node: node,
    device: kind,
    physical_device: node,
    size,
    support_discard: false,
    type: osd.class,
  });
  return {
    devices: [
      device("block", osd.device, osd.size),
      ...(osd.db === undefined ? [] : [device("db", osd.db, osd.size / 10)]),
      ...(osd.wal === undefined ? [] : [device("wal", osd.wal, osd.size / 100)]),
    ],
    osd: {
      back_addr: address(6804),
      encrypted: osd.encrypted === true ? 1 : 0,
      front_addr: address(6802),
      hb_back_addr: address(6808),
      hb_front_addr: address(6806),
      hostname: osd.node,
      id: Number(id),
      mem_usage: 60_789_760,
      osd_data: `/var/lib/ceph/osd/ceph-${id}`,
      osd_objectstore: "bluestore",
      pid: 6512,
      version: `${cephVersion.short} (${cephVersion.release})`,
    },
  };
}

function volume({ params, node }: Call, ceph: Ceph): Row {
  const id = params.need("osdid");
  const osd = ceph.osds[id];
  if (osd?.node !== node)
    throw failure(
      `OSD '${id}' not found in 'ceph-volume lvm list' on node '${node}'.\nMaybe it was created before LVM became the default?`,
    );
  const uuid = `${id.padStart(8, "0")}-0000-4000-8000-000000000000`;
  return {
    creation_time: new Date(osd.since).toISOString(),
    lv_name: `osd-block-${uuid}`,
    lv_path: `/dev/ceph-${uuid}/osd-block-${uuid}`,
    lv_size: osd.size,
    lv_uuid: uuid,
    vg_name: `ceph-${uuid}`,
  };
}

export const cephOsds: Handlers = {
  "GET /nodes/{node}/ceph/osd": asked(tree, noMonitors),
  "POST /nodes/{node}/ceph/osd": asked(create),
  "DELETE /nodes/{node}/ceph/osd/{osdid}": asked(destroy),
  "GET /nodes/{node}/ceph/osd/{osdid}": () => [{ name: "metadata" }, { name: "lv-info" }],
  "GET /nodes/{node}/ceph/osd/{osdid}/metadata": asked(metadata),
  "GET /nodes/{node}/ceph/osd/{osdid}/lv-info": asked(volume),
  "POST /nodes/{node}/ceph/osd/{osdid}/in": moved(true),
  "POST /nodes/{node}/ceph/osd/{osdid}/out": moved(false),
  "POST /nodes/{node}/ceph/osd/{osdid}/scrub": asked((call, ceph) => {
    named(call, ceph);
    return null;
  }),
};
