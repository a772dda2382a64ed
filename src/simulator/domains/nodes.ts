// /nodes: the list, a node's status, DNS, time, version.
import type { Cluster } from "../engine/cluster.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { nodeFigures } from "../guests/figures.ts";
import { nodeResource, versions } from "./cluster.ts";

const kernel = {
  machine: "x86_64",
  release: "7.0.2-2-pve",
  sysname: "Linux",
  version: "#1 SMP PREEMPT_DYNAMIC PMX 7.0.2-2 (2026-10-14T08:12Z)",
};

const cpuFlags =
  "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good nopl nonstop_tsc cpuid extd_apicid pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c rdrand svm abm sse4a misalignsse 3dnowprefetch bmi1 avx2 smep bmi2 erms rdseed adx smap clflushopt clwb sha_ni";

const places =
  "aplinfo apt capabilities ceph certificates config disks dns firewall hardware hosts journal lxc migrateall netstat network qemu query-oci-repo-tags query-url-metadata replication report rrd rrddata scan sdn services spiceshell startall status stopall storage subscription suspendall syslog tasks termproxy time version vncshell vzdump wakeonlan";

function list(call: Call): unknown {
  return Object.values(call.cluster.state.nodes).map((node) => ({
    ...nodeResource(call, node),
    ssl_fingerprint: node.fingerprint,
  }));
}

function status({ cluster, node: name }: Call): unknown {
  const node = cluster.node(name);
  const { version, repoid } = versions[cluster.state.release];
  const figures = nodeFigures(cluster, node);
  const used = Math.floor(figures.mem);
  const swap = 8 * 1024 ** 3;
  return {
    "boot-info": node.legacyBios === true ? { mode: "legacy-bios" } : { mode: "efi", secureboot: 0 },
    cpu: figures.cpu,
    cpuinfo: {
      cores: node.cpus / 2,
      cpus: node.cpus,
      flags: cpuFlags,
      family: "25",
      hvm: "1",
      mhz: "2994.374",
      model: node.cpuModel,
      sockets: node.sockets,
      user_hz: 100,
      vendor: "AuthenticAMD",
    },
    "current-kernel": kernel,
    idle: 0,
    ksm: { shared: 0 },
    kversion: `Linux ${kernel.release} ${kernel.version}`,
    loadavg: figures.load.map((load) => load.toFixed(2)),
    memory: { available: node.memory - used, free: Math.floor((node.memory - used) * 0.7), total: node.memory, used },
    pveversion: `pve-manager/${version}/${repoid}`,
    rootfs: { avail: node.disk - figures.disk, free: node.disk - figures.disk, total: node.disk, used: figures.disk },
    swap: { free: swap, total: swap, used: 0 },
    uptime: figures.uptime,
    wait: figures.wait,
  };
}

/** Seconds by which the clock on the node's wall is ahead of UTC. */
export function zoneShift(cluster: Cluster, name: string): number {
  const { timezone } = cluster.node(name);
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  const offset = /GMT([+-])(\d\d):(\d\d)/.exec(parts.format(cluster.now()));
  const minutes = offset === null ? 0 : Number(offset[2]) * 60 + Number(offset[3]);
  return (offset?.[1] === "-" ? -60 : 60) * minutes;
}

function time({ cluster, node }: Call): unknown {
  const now = cluster.seconds();
  return { localtime: now + zoneShift(cluster, node), time: now, timezone: cluster.node(node).timezone };
}

function updateDns({ cluster, node, params }: Call): null {
  const given = params.rest("node");
  cluster.node(node).dns = given;
  return null;
}

export const nodes: Handlers = {
  "GET /nodes": list,
  "GET /nodes/{node}": () => places.split(" ").map((name) => ({ name })),
  "GET /nodes/{node}/status": status,
  "GET /nodes/{node}/version": ({ cluster }) => versions[cluster.state.release],
  "GET /nodes/{node}/time": time,
  "GET /nodes/{node}/dns": ({ cluster, node }) => cluster.node(node).dns,
  "PUT /nodes/{node}/dns": updateDns,
};
