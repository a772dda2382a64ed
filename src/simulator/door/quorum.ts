// Owns what a cluster without quorum refuses (facts 49): reads and what touches no file in /etc/pve go on.
import type { EndpointKey } from "../../schema/endpoints.gen.ts";
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Params } from "../engine/params.ts";
import { isQuorate } from "../engine/quorum.ts";
import type { Worker } from "../engine/worker.ts";

/** PVE tries for a lock of the cluster's file system for so long, ms. */
const lockWait = 10_000;

const notReady = "cluster not ready - no quorum?";

/** What stands before the lock's own text. */
const attempts: readonly [RegExp, string][] = [
  [/^POST \/access\/users$/, "create user failed: "],
  [/^PUT \/access\/users\/\{userid\}$/, "update user failed: "],
  [/^DELETE \/access\/users\/\{userid\}$/, "delete user failed: "],
  [/^POST \/access\/groups/, "create group failed: "],
  [/^PUT \/access\/groups/, "update group failed: "],
  [/^DELETE \/access\/groups/, "delete group failed: "],
  [/^POST \/access\/roles/, "create role failed: "],
  [/^PUT \/access\/roles/, "update role failed: "],
  [/^DELETE \/access\/roles/, "delete role failed: "],
  [/^PUT \/access\/acl/, "ACL update failed: "],
  [/^POST \/access\/domains$/, "add auth server failed: "],
  [/^PUT \/access\/domains/, "update auth server failed: "],
  [/^DELETE \/access\/domains/, "delete auth server failed: "],
  [/^POST \/pools/, "create pool failed: "],
  [/^PUT \/pools/, "update pools failed: "],
  [/^DELETE \/pools/, "delete pool failed: "],
  [/^POST \/storage/, "create storage failed: "],
  [/^PUT \/storage/, "update storage failed: "],
  [/^DELETE \/storage/, "delete storage failed: "],
];

/** The lock that a write of the cluster's own files needs. */
const locks: readonly [RegExp, string][] = [
  [/^\w+ \/access\/(?!ticket|openid|vncticket|password|domains|tfa)/, "file-user_cfg"],
  [/^\w+ \/access\/domains/, "file-domains_cfg"],
  [/^\w+ \/pools/, "file-user_cfg"],
  [/^\w+ \/storage/, "file-storage_cfg"],
  [/^\w+ \/cluster\/(?:backup|jobs)/, "file-jobs_cfg"],
  [/^\w+ \/cluster\/firewall/, "firewall-cluster"],
  [/^\w+ \/cluster\/notifications/, "file-notifications_cfg"],
  [/^\w+ \/cluster\/options/, "file-datacenter_cfg"],
];

/** Fails at once: PVE looks for quorum first. */
const early =
  /^(?:POST \/nodes\/\{node\}\/(?:qemu|lxc)(?:\/\{vmid\}\/(?:status\/start|clone|migrate|remote_migrate))?|(?:POST|PUT|DELETE) \/cluster\/(?:ha|config)\/.*)$/;

/** Writes a guest's file while the request waits. */
const fileNow =
  /^(?:PUT \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/(?:config|unlink|cloudinit)|PUT \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/snapshot\/\{snapname\}\/config|POST \/nodes\/\{node\}\/lxc\/\{vmid\}\/template)$/;

/** Writes a guest's file in the task. */
const fileInTask =
  /^(?:POST \/nodes\/\{node\}\/qemu\/\{vmid\}\/(?:config|template)|PUT \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/resize|POST \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/(?:snapshot|snapshot\/\{snapname\}\/rollback|move_disk|move_volume)|DELETE \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}(?:\/snapshot\/\{snapname\})?)$/;

interface Asked {
  key: EndpointKey;
  cluster: Cluster;
  node: string;
  params: Params;
}

/** Throws what PVE refuses a write with; nothing while there is quorum. */
export async function assertQuorum(asked: Asked): Promise<void> {
  const { key, cluster } = asked;
  if (key.startsWith("GET ") || isQuorate(cluster.state)) return;
  if (early.test(key)) throw failure(notReady);
  if (fileNow.test(key) && isThere(asked)) throw failure(unwritable(asked, cluster.random.between(300, 30_000)));
  const lock = locks.find(([pattern]) => pattern.test(key))?.[1];
  if (lock === undefined) return;
  await cluster.wait(lockWait);
  const attempt = attempts.find(([pattern]) => pattern.test(key))?.[1] ?? "";
  throw failure(`${attempt}cfs-lock '${lock}' error: no quorum!`);
}

/** A task that was handed out all the same fails when it comes to write the guest's file. */
export function failWithoutQuorum(asked: Asked, data: unknown): void {
  const { key, cluster } = asked;
  if (typeof data !== "string" || isQuorate(cluster.state)) return;
  const pid = cluster.task(data)?.pid ?? 0;
  if (key === "POST /nodes/{node}/vzdump") {
    const { id = "" } = cluster.task(data) ?? {};
    const failed = `ERROR: Backup of VM ${id} failed - ${unwritable(asked, pid, id)}`;
    const lines = [failed, "INFO: Backup job finished with errors"];
    cluster.workers.replace(data, (_, worker) => failing(worker, lines, "job errors"));
  }
  if (fileInTask.test(key)) {
    const before = key.endsWith("/config") ? [`update VM ${asked.params.need("vmid")}: ${changes(asked.params)}`] : [];
    cluster.workers.replace(data, (_, worker) => failing(worker, before, unwritable(asked, pid)));
  }
}

function* failing(worker: Worker, lines: readonly string[], text: string): Generator<number, void, void> {
  worker.log(...lines);
  yield 50;
  throw new Error(text);
}

function changes(params: Params): string {
  return Object.entries(params.rest("node", "vmid", "digest"))
    .map(([name, value]) => `-${name} ${value}`)
    .join(" ");
}

function isThere({ cluster, node, params }: Asked): boolean {
  return cluster.guest(params.number("vmid") ?? 0)?.node === node;
}

function unwritable({ key, node, params }: Asked, pid: number, vmid = params.need("vmid")): string {
  const folder = key.includes("/lxc/") ? "lxc" : "qemu-server";
  return `unable to open file '/etc/pve/nodes/${node}/${folder}/${vmid}.conf.tmp.${pid}' - Permission denied`;
}
