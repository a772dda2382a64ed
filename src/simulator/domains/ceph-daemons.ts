// Ceph's monitors, managers and metadata servers: made, taken away, started and stopped.
import { type Ceph, type CephDaemon, cephVersion } from "../engine/ceph.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { answering, asked, cephAt, hasQuorum, inQuorum, noMonitors } from "./ceph-cluster.ts";

type Row = Record<string, unknown>;
type Kind = "mon" | "mgr" | "mds";

const runs = ({ cluster }: Call, daemon: CephDaemon) =>
  daemon.stopped !== true && cluster.state.nodes[daemon.node]?.online === true;

const software = { ceph_version: cephVersion.full, ceph_version_short: cephVersion.short };
const ipOf = ({ cluster }: Call, { node }: CephDaemon) => cluster.state.nodes[node]?.ip ?? "";

function rowOf(name: string, { node }: CephDaemon): Row {
  return { direxists: true, host: node, name, service: true };
}

function monitors(call: Call): Row[] {
  const ceph = cephAt(call);
  const running = inQuorum(call, ceph.monitors);
  return Object.entries(ceph.monitors).map(([name, daemon]) => {
    const row = rowOf(name, daemon);
    const addr = ipOf(call, daemon);
    if (!hasQuorum(call, ceph)) return { ...row, addr, state: "unknown" };
    if (!running.includes(name)) return { ...row, addr, state: "stopped" };
    return { ...row, ...software, addr: `${addr}:6789/0`, quorum: 1, rank: running.indexOf(name), state: "running" };
  });
}

/** The first that runs is active, of metadata servers only while there is a file system. */
function states(call: Call, daemons: Ceph["monitors"]): Map<string, "active" | "standby" | "stopped"> {
  const first = Object.keys(daemons).find((name) => daemons[name] !== undefined && runs(call, daemons[name]));
  return new Map(
    Object.entries(daemons).map(([name, daemon]) => [
      name,
      !runs(call, daemon) ? "stopped" : name === first ? "active" : "standby",
    ]),
  );
}

function managers(call: Call, ceph: Ceph): Row[] {
  const known = states(call, ceph.managers);
  return Object.entries(ceph.managers).map(([name, daemon]) => {
    const state = known.get(name) ?? "stopped";
    return { ...rowOf(name, daemon), ...(state === "stopped" ? {} : software), addr: ipOf(call, daemon), state };
  });
}

function metadataServers(call: Call, ceph: Ceph): Row[] {
  const known = states(call, ceph.metadata);
  const [fs] = Object.keys(ceph.filesystems);
  return Object.entries(ceph.metadata).map(([name, daemon]) => {
    const state = known.get(name) ?? "stopped";
    if (state === "stopped") return { ...rowOf(name, daemon), state };
    const active = state === "active" && fs !== undefined;
    return {
      ...rowOf(name, daemon),
      ...software,
      addr: `${ipOf(call, daemon)}:6809/3144840149`,
      ...(active ? { fs_name: fs } : {}),
      rank: active ? 0 : -1,
      standby_replay: daemon.hotstandby === true,
      state: active ? "up:active" : "up:standby",
    };
  });
}

const words: Readonly<Record<Kind, string>> = { mon: "monitor", mgr: "manager", mds: "MDS" };
const shelves = { mon: "monitors", mgr: "managers", mds: "metadata" } as const;
const unit = (kind: Kind, name: string) => `ceph-${kind}@${name}.service`;
const link = (kind: Kind, name: string) => `/etc/systemd/system/ceph-${kind}.target.wants/${unit(kind, name)}`;
const enabled = (kind: Kind, name: string) =>
  `Created symlink '${link(kind, name)}' -> '/usr/lib/systemd/system/ceph-${kind}@.service'.`;

function nameOf({ params, node }: Call): string {
  return params.text("monid") ?? params.text("id") ?? params.text("name") ?? node;
}

function fork(call: Call, verb: "create" | "destroy", kind: Kind, steps: (worker: Worker) => Work): string {
  return call.cluster.fork(call.caller, call.node, `ceph${verb}${kind}`, `${kind}.${nameOf(call)}`, steps);
}

/** The first monitor begins the cluster and brings a manager with it. */
function createMonitor(call: Call): string {
  const { cluster, node } = call;
  const ceph = cephAt(call);
  const name = nameOf(call);
  const address = call.params.text("mon-address") ?? cluster.node(node).ip;
  if (Object.values(ceph.monitors).some((daemon) => ipOf(call, daemon) === address))
    throw failure(`monitor address '${address}' already in use`);
  if (Object.keys(ceph.monitors).length > 0 && !hasQuorum(call, ceph))
    throw failure("Could not connect to ceph cluster despite configured monitors");
  return fork(call, "create", "mon", function* (worker) {
    worker.log("monmaptool: monmap file /tmp/monmap", "epoch 1", `fsid ${ceph.options.fsid}`);
    yield 2500;
    const daemon = { node, since: cluster.now() };
    if (Object.keys(ceph.monitors).length === 0) ceph.managers[node] = { ...daemon };
    ceph.monitors[name] = daemon;
    for (const [rank, one] of Object.entries(Object.entries(ceph.monitors))) {
      const ip = ipOf(call, one[1]);
      worker.log(`${rank}: [v2:${ip}:3300/0,v1:${ip}:6789/0] mon.${one[0]}`);
    }
    worker.log(enabled("mon", name));
  });
}

function destroyMonitor(call: Call): string {
  const ceph = answering(call);
  const name = nameOf(call);
  if (ceph.monitors[name]?.node !== call.node)
    throw failure(`monitor filesystem '/var/lib/ceph/mon/ceph-${name}' does not exist on this node`);
  if (Object.keys(ceph.monitors).length === 1) throw failure("can't remove last monitor");
  return fork(call, "destroy", "mon", function* (worker) {
    yield 1500;
    delete ceph.monitors[name];
    worker.log(`Removed '${link("mon", name)}'.`);
  });
}

function create(kind: "mgr" | "mds"): Handler {
  return asked((call, ceph) => {
    const [name, daemons] = [nameOf(call), ceph[shelves[kind]]];
    const directory = `/var/lib/ceph/${kind}/ceph-${name}`;
    return fork(call, "create", kind, function* (worker) {
      if (daemons[name] !== undefined)
        throw failure(
          kind === "mds"
            ? `MDS '${name}' already referenced in ceph config, abort!`
            : `ceph manager directory '${directory}' already exists`,
        );
      worker.log(`creating ${words[kind]} directory '${directory}'`, `creating keys for '${kind}.${name}'`);
      worker.log(kind === "mds" ? "setting ceph as owner for service directory" : "setting owner for directory");
      yield 1500;
      daemons[name] = {
        node: call.node,
        since: call.cluster.now(),
        ...(call.params.flag("hotstandby") ? { hotstandby: true } : {}),
      };
      worker.log(`enabling service '${unit(kind, name)}'`, enabled(kind, name));
      worker.log(`starting service '${unit(kind, name)}'`);
    });
  });
}

/** A metadata server that never was is taken away as well (recorded: the task ends OK). */
function destroy(kind: "mgr" | "mds"): Handler {
  return asked((call, ceph) => {
    const [name, daemons] = [nameOf(call), ceph[shelves[kind]]];
    const directory = `/var/lib/ceph/${kind}/ceph-${name}`;
    return fork(call, "destroy", kind, function* (worker) {
      const there = daemons[name]?.node === call.node;
      worker.log(`disabling service '${unit(kind, name)}'`);
      if (there) worker.log(`Removed '${link(kind, name)}'.`);
      worker.log(`stopping service '${unit(kind, name)}'`);
      yield 1000;
      if (there) delete daemons[name];
      if (kind === "mgr") worker.log(`removing manager directory '${directory}'`, `removing authkeys for mgr.${name}`);
      else if (there) worker.log(`removing ceph-mds directory '${directory}'`, `removing ceph auth for 'mds.${name}'`);
      else {
        worker.log(`cannot cleanup MDS ${name} directory, '${directory}' not found`);
        worker.log(`removing ceph auth for 'mds.${name}'`);
      }
    });
  });
}

/** Services by name: `mds.pve1`, `mon`, `osd.3`, `ceph.target`. */
function service(verb: "start" | "stop" | "restart"): Handler {
  return (call) => {
    const ceph = cephAt(call);
    const wanted = (call.params.text("service") ?? "ceph.target").replace(/\.target$/, "");
    const [kind = "", name] = wanted.split(".");
    return call.cluster.fork(
      call.caller,
      call.node,
      `srv${verb}`,
      wanted === "ceph" ? "ceph" : wanted,
      function* (worker) {
        yield 800;
        const kinds = kind === "ceph" ? (["mon", "mgr", "mds", "osd"] as const) : [kind];
        const daemons = kinds
          .flatMap((one) => Object.entries(shelf(ceph, one)))
          .filter(([id, daemon]) => daemon.node === call.node && (name === undefined || id === name));
        if (daemons.length === 0 && name !== undefined && verb !== "stop") {
          worker.log(`Job for ceph-${kind}@${name}.service failed because the control process exited with error code.`);
          throw failure(`command '/bin/systemctl ${verb} ceph-${kind}@${name}' failed: exit code 1`);
        }
        for (const [, daemon] of daemons) {
          if (verb === "stop") daemon.stopped = true;
          else delete daemon.stopped;
        }
      },
    );
  };
}

function shelf(ceph: Ceph, kind: string): Record<string, CephDaemon> {
  if (kind === "osd") return ceph.osds;
  return kind === "mon" || kind === "mgr" || kind === "mds" ? ceph[shelves[kind]] : {};
}

export const cephDaemons: Handlers = {
  "GET /nodes/{node}/ceph/mon": monitors,
  "POST /nodes/{node}/ceph/mon/{monid}": createMonitor,
  "DELETE /nodes/{node}/ceph/mon/{monid}": destroyMonitor,
  "GET /nodes/{node}/ceph/mgr": asked(managers),
  "POST /nodes/{node}/ceph/mgr/{id}": create("mgr"),
  "DELETE /nodes/{node}/ceph/mgr/{id}": destroy("mgr"),
  "GET /nodes/{node}/ceph/mds": asked(metadataServers, noMonitors),
  "POST /nodes/{node}/ceph/mds/{name}": create("mds"),
  "DELETE /nodes/{node}/ceph/mds/{name}": destroy("mds"),
  "POST /nodes/{node}/ceph/start": service("start"),
  "POST /nodes/{node}/ceph/stop": service("stop"),
  "POST /nodes/{node}/ceph/restart": service("restart"),
};

export { managers, metadataServers };
