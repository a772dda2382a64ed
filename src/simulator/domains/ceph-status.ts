// Ceph as a whole: its state, configuration, flags, rules and log.
import { type Ceph, type CephDaemon, cephVersion } from "../engine/ceph.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { answering, asked, cephAt, inQuorum, noMonitors } from "./ceph-cluster.ts";
import { managers, metadataServers } from "./ceph-daemons.ts";
import { isUp } from "./ceph-osds.ts";

type Row = Record<string, unknown>;
type Ready = ReturnType<typeof answering>;

const ipOf = ({ cluster }: Call, { node }: CephDaemon) => cluster.state.nodes[node]?.ip ?? "";

interface Check {
  severity: "HEALTH_WARN";
  summary: { message: string; count: number };
  detail: { message: string }[];
  muted: boolean;
}

const check = (message: string, count = 1): Check => ({
  severity: "HEALTH_WARN",
  summary: { message, count },
  detail: [],
  muted: false,
});

/** What is wrong, by Ceph's own names. */
function checks(call: Call, ceph: Ready): Record<string, Check> {
  const osds = Object.values(ceph.osds);
  const down = osds.filter((osd) => osd.in && !isUp(call, osd)).length;
  const silent = Object.keys(ceph.monitors).length - inQuorum(call, ceph.monitors).length;
  const size = Number(ceph.options.osd_pool_default_size ?? 3);
  const found: [string, Check | false][] = [
    ["OSD_DOWN", down > 0 && check(`${down} osds down`, down)],
    ["MON_DOWN", silent > 0 && check(`${silent}/${Object.keys(ceph.monitors).length} mons down`, silent)],
    ["OSDMAP_FLAGS", ceph.flags.length > 0 && check(`${ceph.flags.join(",")} flag(s) set`, ceph.flags.length)],
    ["TOO_FEW_OSDS", osds.length < size && check(`OSD count ${osds.length} < osd_pool_default_size ${size}`)],
  ];
  return Object.fromEntries(found.filter((entry): entry is [string, Check] => entry[1] !== false));
}

function monitorMap(call: Call, ceph: Ready, quorum: readonly string[]): Row {
  const mons = Object.entries(ceph.monitors).map(([name, daemon], rank) => {
    const ip = ipOf(call, daemon);
    const vector = [
      { addr: `${ip}:3300`, nonce: 0, type: "v2" },
      { addr: `${ip}:6789`, nonce: 0, type: "v1" },
    ];
    return {
      addr: `${ip}:6789/0`,
      crush_location: "{}",
      name,
      priority: 0,
      public_addr: `${ip}:6789/0`,
      public_addrs: { addrvec: vector },
      rank,
      weight: 0,
    };
  });
  return {
    created: created(ceph),
    epoch: mons.length,
    fsid: ceph.options.fsid,
    min_mon_release: 18,
    min_mon_release_name: cephVersion.release,
    mons,
    quorum: quorum.map((name) => Object.keys(ceph.monitors).indexOf(name)),
  };
}

const created = (ceph: Ceph) =>
  new Date(Math.min(...Object.values(ceph.monitors).map(({ since }) => since))).toISOString();

function groups(call: Call, ceph: Ready): Row {
  const pools = Object.values(ceph.pools);
  const members = Object.values(ceph.osds).filter((osd) => osd.in);
  const total = members.reduce((sum, { size }) => sum + size, 0);
  const used = members.reduce((sum, osd) => sum + osd.used, 0);
  const count = pools.reduce((sum, { settings }) => sum + Number(settings.pg_num ?? 0), 0);
  const up = members.filter((osd) => isUp(call, osd)).length;
  const wanted = Math.max(0, ...pools.map(({ settings }) => Number(settings.size ?? 3)));
  const state = up === 0 ? "unknown" : up < wanted ? "active+undersized" : "active+clean";
  return {
    bytes_avail: total - used,
    bytes_total: total,
    bytes_used: used,
    data_bytes: pools.reduce((sum, pool) => sum + pool.used, 0),
    num_objects: pools.reduce((sum, pool) => sum + Math.ceil(pool.used / 4_194_304), 0),
    num_pgs: count,
    num_pools: pools.length,
    pgs_by_state: count > 0 ? [{ count, state_name: state }] : [],
  };
}

function status(call: Call): Row {
  const ceph = answering(call);
  const quorum = inQuorum(call, ceph.monitors);
  const osds = Object.values(ceph.osds);
  const wrong = checks(call, ceph);
  const servers = metadataServers(call, ceph);
  const active = servers.filter(({ state }) => state === "up:active");
  const [first] = managers(call, ceph).filter(({ state }) => state === "active");
  const standbys = managers(call, ceph).filter(({ state }) => state === "standby");
  const begun = Math.min(...Object.values(ceph.monitors).map(({ since }) => since));
  return {
    election_epoch: 2 + 2 * quorum.length,
    fsid: ceph.options.fsid,
    fsmap: {
      by_rank: active.map(({ name }) => ({ filesystem_id: 1, gid: 14_285, name, rank: 0, status: "up:active" })),
      epoch: 1 + servers.length,
      ...(Object.keys(ceph.filesystems).length > 0 ? { id: 1, in: active.length, max: 1, up: active.length } : {}),
      "up:standby": servers.filter(({ state }) => state === "up:standby").length,
    },
    health: { checks: wrong, mutes: [], status: Object.keys(wrong).length > 0 ? "HEALTH_WARN" : "HEALTH_OK" },
    mgrmap: {
      active_addr: first === undefined ? "" : `${first.addr}:6801/852623735`,
      active_name: first?.name ?? "",
      available: first !== undefined,
      epoch: 3,
      modules: ["iostat", "nfs", "restful"],
      standbys: standbys.map(({ name }, index) => ({ gid: 4107 + index, name })),
    },
    monmap: monitorMap(call, ceph, quorum),
    osdmap: {
      epoch: 1 + 5 * osds.length,
      num_in_osds: osds.filter((osd) => osd.in).length,
      num_osds: osds.length,
      num_remapped_pgs: 0,
      num_up_osds: osds.filter((osd) => isUp(call, osd)).length,
      osd_in_since: Math.floor(Math.max(0, ...osds.map(({ since }) => since)) / 1000),
      osd_up_since: Math.floor(Math.max(0, ...osds.map(({ since }) => since)) / 1000),
    },
    pgmap: groups(call, ceph),
    progress_events: {},
    quorum: quorum.map((name) => Object.keys(ceph.monitors).indexOf(name)),
    quorum_age: Math.max(0, Math.floor((call.cluster.now() - begun) / 1000)),
    quorum_names: quorum,
    servicemap: { epoch: 1, modified: created(ceph), services: {} },
  };
}

function metadata(_: Call, ceph: Ready): Row {
  const entry = (name: string, { node }: CephDaemon): [string, Row] => [
    `${name}@${node}`,
    {
      ceph_release: cephVersion.release,
      ceph_version: cephVersion.full,
      ceph_version_short: cephVersion.short,
      direxists: true,
      hostname: node,
      name,
      service: true,
    },
  ];
  const all = (daemons: Ceph["monitors"]) =>
    Object.fromEntries(Object.entries(daemons).map(([name, daemon]) => entry(name, daemon)));
  const version = { parts: cephVersion.short.split("."), str: cephVersion.short };
  return {
    mds: all(ceph.metadata),
    mgr: all(ceph.managers),
    mon: all(ceph.monitors),
    node: Object.fromEntries(ceph.installed.map((node) => [node, { buildcommit: cephVersion.build, version }])),
    osd: Object.entries(ceph.osds).map(([id, osd]) => ({ ...entry(id, osd)[1], id: Number(id) })),
  };
}

/** PVE's flags of all OSDs, and what each says. */
const flags: Readonly<Record<string, string>> = {
  nobackfill: "Backfilling of PGs is suspended.",
  "nodeep-scrub": "Deep Scrubbing is disabled.",
  nodown: "OSD failure reports are being ignored, such that the monitors will not mark OSDs down.",
  noin: "OSDs that were previously marked out will not be marked back in when they start.",
  noout: "OSDs will not automatically be marked out after the configured interval.",
  norebalance: "Rebalancing of PGs is suspended.",
  norecover: "Recovery of PGs is suspended.",
  noscrub: "Scrubbing is disabled.",
  notieragent: "Cache tiering activity is suspended.",
  noup: "OSDs are not allowed to start.",
  pause: "Pauses read and writes.",
};

function setFlag(ceph: Ceph, flag: string, on: boolean): void {
  ceph.flags = [...ceph.flags.filter((one) => one !== flag), ...(on ? [flag] : [])];
}

function setFlags(call: Call, ceph: Ceph): string {
  const { cluster, caller, node, params } = call;
  const given = Object.keys(flags).filter(
    (flag) => params.has(flag) && params.flag(flag) !== ceph.flags.includes(flag),
  );
  return cluster.fork(caller, node, "cephsetflags", "", function* (worker) {
    for (const flag of given) {
      yield 300;
      setFlag(ceph, flag, params.flag(flag));
      worker.log(`${params.flag(flag) ? "set" : "unset"} ${flag}`);
    }
  });
}

function configText({ options }: ReturnType<typeof cephAt>): string {
  const lines = Object.entries(options).map(([name, value]) => `\t${name} = ${value}\n`);
  return `[global]\n${lines.join("")}\n[client]\n\tkeyring = /etc/pve/priv/$cluster.$name.keyring\n\n`;
}

const safety = (call: Call, ceph: Ready) => {
  const { params } = call;
  const last =
    params.text("service") === "mon" && Object.keys(ceph.monitors).length <= 2 && params.text("action") === "stop";
  return last ? { safe: false, status: "not enough monitors would be available after stopping mons" } : { safe: true };
};

export const cephStatus: Handlers = {
  "GET /cluster/ceph/status": status,
  "GET /nodes/{node}/ceph/status": status,
  "GET /cluster/ceph/metadata": asked(metadata),
  "GET /cluster/ceph/flags": asked((_, ceph) =>
    Object.entries(flags).map(([name, description]) => ({
      description,
      name,
      value: ceph.flags.includes(name) ? 1 : 0,
    })),
  ),
  "PUT /cluster/ceph/flags": asked(setFlags),
  "GET /cluster/ceph/flags/{flag}": asked(({ params }, ceph) => (ceph.flags.includes(params.need("flag")) ? 1 : 0)),
  "PUT /cluster/ceph/flags/{flag}": asked(({ params }, ceph) => {
    setFlag(ceph, params.need("flag"), params.flag("value"));
    return null;
  }),
  "GET /nodes/{node}/ceph/cfg/raw": (call) => configText(cephAt(call)),
  "GET /nodes/{node}/ceph/cfg/db": asked(
    () => [
      {
        can_update_at_runtime: 1,
        level: "advanced",
        mask: "",
        name: "auth_allow_insecure_global_id_reclaim",
        section: "mon",
        value: "false",
      },
    ],
    noMonitors,
  ),
  "GET /nodes/{node}/ceph/cfg/value": (call) => {
    const { options } = cephAt(call);
    const wanted = call.params.list("config-keys").map((key) => key.split(":"));
    const found = wanted.filter(([section, key]) => section === "global" && options[key?.replaceAll("-", "_") ?? ""]);
    const values = found.map(([, key = ""]) => [key.replaceAll("_", "-"), options[key.replaceAll("-", "_")]]);
    return values.length > 0 ? { global: Object.fromEntries(values) } : {};
  },
  "GET /nodes/{node}/ceph/cmd-safety": asked(safety),
  "GET /nodes/{node}/ceph/crush": asked((_, ceph) => {
    const devices = Object.entries(ceph.osds).map(([id, osd]) => `device ${id} osd.${id} class ${osd.class}\n`);
    return `# begin crush map\n\n# devices\n${devices.join("")}\n# types\ntype 0 osd\ntype 1 host\ntype 11 root\n\n# end crush map\n`;
  }),
  "GET /nodes/{node}/ceph/rules": asked(() => [{ name: "replicated_rule" }]),
  "GET /nodes/{node}/ceph/log": (call) => {
    const ceph = cephAt(call);
    const lines = Object.entries(ceph.monitors).map(
      ([name, { since }], index) =>
        `${new Date(since).toISOString().replace("Z", "000+0000")} mon.${name} (mon.${index}) 0 : cluster [INF] mkfs ${ceph.options.fsid}`,
    );
    const shown = lines.length > 0 ? lines : ["unable to open file - No such file or directory"];
    call.extras.total = shown.length;
    const start = call.params.number("start") ?? 0;
    return shown.map((t, index) => ({ n: index + 1, t })).slice(start, start + (call.params.number("limit") ?? 50));
  },
  "POST /cluster/ceph/restart-bulk": asked((call, ceph) => {
    const kind = call.params.need("service-type");
    return call.cluster.fork(call.caller, call.node, "srvrestart", `cluster-${kind}`, function* () {
      yield 1000;
      const wrong = Object.entries(checks(call, ceph)).map(([name, { summary }]) => `  - ${name}: ${summary.message}`);
      if (wrong.length > 0 && !call.params.flag("force"))
        throw failure(
          `Ceph cluster has blocking HEALTH_WARN issues, refusing rolling restart of '${kind}' daemons (pass force=1 to override):\n${wrong.join("\n")}`,
        );
    });
  }),
};
