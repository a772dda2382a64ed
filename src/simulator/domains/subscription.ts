// A node's subscription: a key that Proxmox's shop is asked about.
import { failure } from "../engine/error.ts";
import { digestOf } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";

const url = "https://www.proxmox.com/en/proxmox-virtual-environment/pricing";
const unreachable =
  "Error checking subscription: io: failed to lookup address information: Temporary failure in name resolution";

const levels: Readonly<Record<string, string>> = { c: "Community", b: "Basic", s: "Standard", p: "Premium" };

/** The server's id and the key are shown to auditors alone. */
function shown({ cluster, caller, node: name }: Call): unknown {
  const node = cluster.node(name);
  const mayAll = caller.can(`/nodes/${name}`, ["Sys.Audit"]);
  const serverid = digestOf(`server ${node.fingerprint}`).slice(0, 32).toUpperCase();
  const { subscription } = node;
  if (subscription === undefined) {
    return { message: "There is no subscription key", ...(mayAll ? { serverid } : {}), status: "notfound", url };
  }
  const { key, checktime } = subscription;
  const level = key[4] ?? "c";
  const day = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 10)} 00:00:00`;
  return {
    ...(mayAll ? { key, serverid } : {}),
    checktime,
    level,
    nextduedate: day(subscription.since + 365 * 86_400).slice(0, 10),
    productname: `Proxmox VE ${levels[level] ?? ""} Subscription ${key[3]} CPU/year`,
    regdate: day(subscription.since),
    sockets: node.sockets,
    status: "active",
    url,
  };
}

function check({ cluster, node: name }: Call): void {
  if (cluster.state.isolated) throw failure(unreachable);
  const { subscription } = cluster.node(name);
  if (subscription !== undefined) subscription.checktime = cluster.seconds();
}

function set(call: Call): null {
  const { cluster, node, params } = call;
  if (cluster.state.isolated) throw failure(unreachable);
  const now = cluster.seconds();
  cluster.node(node).subscription = { key: params.need("key").trim(), since: now, checktime: now };
  return null;
}

export const subscriptions: Handlers = {
  "GET /nodes/{node}/subscription": shown,
  "PUT /nodes/{node}/subscription": set,
  "POST /nodes/{node}/subscription": (call) => {
    if (call.cluster.node(call.node).subscription !== undefined) check(call);
    return null;
  },
  "DELETE /nodes/{node}/subscription": ({ cluster, node }) => {
    delete cluster.node(node).subscription;
    return null;
  },
};
