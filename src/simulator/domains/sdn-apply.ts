// Applying what is staged, taking it back, looking at what it would do, and the lock that keeps others out.
import { callerOf, superuser } from "../engine/caller.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { commit, isPending, isZoneOn, rollBack, running, sdnOf, written } from "../engine/sdn.ts";
import type { ClusterState, Node, SectionFile } from "../engine/state.ts";
import type { Work } from "../engine/worker.ts";
import { assertToken, attempt } from "./sdn-sections.ts";
import { cidrOf } from "./sdn-vnets.ts";

function release({ cluster, params }: Call): void {
  if (params.text("release-lock") !== "0") delete sdnOf(cluster.state).lock;
}

/** The task asks node after node, and ends OK whatever became of that (facts 29). */
const apply: Handler = (call) => {
  const { cluster, caller } = call;
  assertToken(call);
  commit(cluster.state);
  release(call);
  return cluster.fork(caller, call.node, "reloadnetworkall", "", function* (worker) {
    for (const node of Object.values(cluster.state.nodes)) {
      worker.log(`${node.name}: reloading network config`);
      yield 900;
      const failed = node.online ? node.reloadFailure : unreachable(node);
      if (node.online) bringUp(call, node);
      if (failed !== undefined) worker.log(failed);
    }
  });
};

const unreachable = ({ name }: Node) =>
  `command 'pvesh set /nodes/${name}/network --regenerate-frr 0' failed: exit code 2`;

/** Each node brings its network up in a task of its own, as root@pam. */
function bringUp({ cluster }: Call, node: Node): void {
  const { version, nodes } = sdnOf(cluster.state);
  nodes[node.name] = { version, failed: node.reloadFailure !== undefined };
  cluster.fork(callerOf(cluster.state, superuser), node.name, "srvreload", "networking", function* (): Work {
    yield 300;
    if (node.reloadFailure !== undefined) throw new Error(node.reloadFailure);
  });
}

const takeBack: Handler = (call) => {
  assertToken(call);
  rollBack(call.cluster.state);
  release(call);
  return null;
};

/** Tokens count up in time, as UUIDs of version 7 do. */
const lock: Handler = (call) => {
  const { cluster, params } = call;
  return attempt(call, "acquiring the lock", () => {
    if (!params.flag("allow-pending") && isPending(cluster.state)) throw failure("configuration has pending changes");
    const time = Math.floor(cluster.now()).toString(16).padStart(12, "0");
    const [, , third, ...rest] = cluster.random.uuid().split("-");
    const token = [time.slice(0, 8), time.slice(8), third?.replace(/^4/, "7"), ...rest].join("-");
    sdnOf(cluster.state).lock = token;
    return token;
  });
};

const unlock: Handler = (call) => {
  try {
    if (!call.params.flag("force")) assertToken(call);
  } catch (problem) {
    throw problem instanceof Error ? failure(`could not release lock: ${problem.message}`) : problem;
  }
  delete sdnOf(call.cluster.state).lock;
  return null;
};

type Files = Record<"zones" | "vnets" | "subnets", SectionFile>;

/** The interfaces that a node is to have for its vnets. */
function interfaces(node: string, version: number, { zones, vnets, subnets }: Files): string[] {
  const blocks = Object.entries(vnets).flatMap(([vnet, { options }]) => {
    const zone = zones[String(options.zone)];
    if (zone === undefined || !isZoneOn(zone, node)) return [];
    const gateways = Object.entries(subnets).flatMap(([id, subnet]) =>
      zone.type === "simple" && subnet.options.vnet === vnet && subnet.options.gateway !== undefined
        ? [`\taddress ${subnet.options.gateway}/${cidrOf(id).split("/")[1]}`]
        : [],
    );
    const mtu = zone.options.mtu === undefined ? [] : [`\tmtu ${zone.options.mtu}`];
    return [
      "",
      `auto ${vnet}`,
      `iface ${vnet}`,
      ...gateways,
      "\tbridge_ports none",
      "\tbridge_stp off",
      "\tbridge_fd 0",
      ...mtu,
    ];
  });
  return [`#version:${version}`, ...blocks];
}

/** What applying would change in a node's files. */
const dryRun: Handler = ({ cluster: { state }, node }) => {
  const of = (read: (state: ClusterState, kind: "zones" | "vnets" | "subnets") => SectionFile): Files => ({
    zones: read(state, "zones"),
    vnets: read(state, "vnets"),
    subnets: read(state, "subnets"),
  });
  const { version } = sdnOf(state);
  const before = version === 0 ? [] : interfaces(node, version, of(running));
  const after = interfaces(node, version + 1, of(written));
  const path = "/etc/network/interfaces.d/sdn";
  const lines = [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
  const hunk = `@@ -1,${before.length} +1,${after.length} @@`;
  return { "frr-diff": "", "interfaces-diff": `--- ${path}\n+++ ${path}\n${hunk}\n${lines.join("\n")}\n` };
};

export const sdnApply: Handlers = {
  "PUT /cluster/sdn": apply,
  "POST /cluster/sdn/rollback": takeBack,
  "POST /cluster/sdn/lock": lock,
  "DELETE /cluster/sdn/lock": unlock,
  "GET /cluster/sdn/dry-run": dryRun,
};
