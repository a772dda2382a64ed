// /cluster/config: corosync's nodes, totem and what a new node needs to join.
import { failure } from "../engine/error.ts";
import { digestOf } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Node } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";

type Row = Record<string, unknown>;

function totem({ cluster }: Call): Row {
  return {
    cluster_name: cluster.state.name,
    config_version: String(cluster.state.configVersion),
    interface: { "0": { linknumber: "0" } },
    ip_version: "ipv4-6",
    link_mode: "passive",
    secauth: "on",
    token_coefficient: "125",
    version: "2",
  };
}

const member = (node: Node): Row => ({
  name: node.name,
  nodeid: String(node.id),
  quorum_votes: "1",
  ring0_addr: node.ip,
});

function join(call: Call): Row {
  const { state } = call.cluster;
  const preferred = call.params.text("node") ?? call.node;
  if (state.nodes[preferred] === undefined) throw failure(`unknown node '${preferred}'`);
  const nodelist = Object.values(state.nodes).map((node) => ({
    ...member(node),
    pve_addr: node.ip,
    pve_fp: node.fingerprint,
  }));
  const digest = digestOf(JSON.stringify([state.name, state.configVersion, nodelist]));
  return { config_digest: digest, nodelist, preferred_node: preferred, totem: totem(call) };
}

/** Every node here is in the cluster already, which PVE finds before it asks the other side for anything. */
function* refuseJoin(call: Call, worker: Worker): Work {
  yield 300;
  const guests = call.cluster.guests().some((guest) => guest.node === call.node);
  worker.log(
    "detected the following error(s):",
    "* authentication key '/etc/corosync/authkey' already exists",
    "* cluster config '/etc/pve/corosync.conf' already exists",
    ...(guests ? ["* this host already contains virtual guests"] : []),
    "* corosync is already running, is this node already in a cluster?!",
  );
  throw new Error("Check if node may join a cluster failed!");
}

function removeNode(call: Call): null {
  const { state } = call.cluster;
  const name = call.params.need("node");
  if (state.nodes[name] === undefined) throw failure(`Node/IP: ${name} is not a known host of the cluster.`);
  if (name === call.node) throw failure("Cannot delete myself from cluster!");
  delete state.nodes[name];
  state.configVersion += 1;
  return null;
}

export const clusterConfig: Handlers = {
  "GET /cluster/config/apiversion": () => "1",
  "GET /cluster/config/join": join,
  "GET /cluster/config/nodes": ({ cluster }) =>
    Object.values(cluster.state.nodes).map((node) => ({ ...member(node), node: node.name })),
  "GET /cluster/config/qdevice": () => ({}),
  "GET /cluster/config/totem": totem,
  "POST /cluster/config": () => {
    throw failure("cluster config '/etc/pve/corosync.conf' already exists");
  },
  "POST /cluster/config/join": (call) =>
    call.cluster.fork(call.caller, call.node, "clusterjoin", "", (worker) => refuseJoin(call, worker)),
  "DELETE /cluster/config/nodes/{node}": removeNode,
};
