// A node's power: shutdown, reboot, and the magic packet that wakes it.
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Work } from "../engine/worker.ts";
import { begin, end, isStartable } from "../guests/run.ts";

/** From the command until the guests are down and the host is off; until it is up again; ms. */
const goingDown = 8_000;
const comingUp = 60_000;

function command({ cluster, node: name, params }: Call): null {
  const reboots = params.need("command") === "reboot";
  cluster.background(name, function* () {
    yield goingDown;
    const node = cluster.node(name);
    for (const guest of cluster.guests().filter((one) => one.node === name && one.process !== undefined))
      end(cluster, guest);
    node.online = false;
    node.isOff = !reboots;
    if (reboots) yield* boot({ cluster }, name);
  });
  return null;
}

/** The host comes up, and what starts with it. */
function* boot({ cluster }: Pick<Call, "cluster">, name: string): Work {
  yield comingUp;
  const node = cluster.node(name);
  delete node.isOff;
  delete node.stopped;
  node.online = true;
  node.bootTime = cluster.now();
  for (const guest of cluster.guests().filter((one) => one.node === name && one.config.values.onboot === "1"))
    if (guest.process === undefined && isStartable(cluster, guest)) begin(cluster, guest);
}

/** The packet goes out whether the node sleeps or not. */
function wakeOnLan({ cluster, params }: Call): string {
  const name = params.need("node");
  const node = cluster.state.nodes[name];
  if (node === undefined) throw failure(`no such cluster node '${name}'`);
  const mac = /(?:mac=)?([0-9a-f:]{17})/i.exec(node.config?.wakeonlan ?? "")?.[1];
  if (mac === undefined) throw failure(`No wake on LAN MAC address defined for '${name}'!`);
  if (node.isOff) cluster.background(name, () => boot({ cluster }, name));
  return mac;
}

export const nodePower: Handlers = {
  "POST /nodes/{node}/status": command,
  "POST /nodes/{node}/wakeonlan": wakeOnLan,
};
