// Owns the asking of every endpoint with no more than what its path and its check name, and what PVE refuses of it.
import type { PveClient } from "../../src/pve/client.ts";
import { PveError } from "../../src/pve/errors.ts";
import type { WireValue } from "../../src/schema/check.ts";
import type { Endpoint, EndpointKey } from "../../src/schema/registry.ts";

/** What stands in the variables of paths and checks, and in the parameters of what is checked on the way. */
const samples: Readonly<Record<string, WireValue>> = {
  node: "pve1",
  storage: "local",
  userid: "operator@pve",
  realm: "pve",
  poolid: "production",
  groupid: "operators",
  path: "/vms/100",
  volume: "local:iso/debian-13.1.0-amd64-netinst.iso",
  vnet: "pvnet",
  zone: "parity",
  subnet: "parity-192.0.2.0-24",
  id: "150-0",
  upid: "UPID:pve1:00000001:00000001:6540A1B2:qmstart:100:root@pam:",
};
const sampleOf = (name: string, path: string): WireValue =>
  name === "vmid" ? (path.includes("/lxc") ? 103 : 100) : (samples[name] ?? "x1");

/** What an endpoint that checks on its way wants beside the variables of its path. */
const companions: Readonly<Record<string, Readonly<Record<string, WireValue>>>> = {
  "POST /nodes/{node}/qemu": { vmid: 160 },
  "POST /nodes/{node}/lxc": { vmid: 161, ostemplate: "local:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz" },
  "POST /nodes/{node}/vzdump": { vmid: "100", storage: "local" },
  "POST /nodes/{node}/migrateall": { target: "pve2", maxworkers: 1 },
  "POST /cluster/replication": { id: "150-1", target: "pve3", type: "local" },
  "PUT /cluster/replication/{id}": { comment: "x" },
  "PUT /cluster/sdn/vnets/{vnet}": { alias: "x" },
  "POST /cluster/sdn/vnets/{vnet}/subnets": { subnet: "198.51.100.0/24", type: "subnet" },
  "PUT /cluster/sdn/vnets/{vnet}/subnets/{subnet}": { snat: true },
  "DELETE /nodes/{node}/storage/{storage}/prunebackups": { "prune-backups": "keep-last=1" },
  "GET /nodes/{node}/storage/{storage}/file-restore/list": { volume: backup(), filepath: "/" },
  "GET /nodes/{node}/storage/{storage}/file-restore/download": { volume: backup(), filepath: "/" },
};

function backup(): string {
  return "local:backup/vzdump-qemu-100-2026_01_01-00_00_00.vma.zst";
}

/** Makes what the samples name. */
export async function prepare(root: PveClient): Promise<void> {
  const ask = (endpoint: EndpointKey, values: Readonly<Record<string, WireValue>>) =>
    root.request({ endpoint, values });
  await ask("POST /storage", { storage: "zp", type: "zfspool", pool: "rpool/data", content: "images,rootdir" });
  await ask("POST /nodes/{node}/qemu", { node: "pve1", vmid: 150, scsi0: "zp:4" });
  await ask("POST /cluster/replication", { id: "150-0", target: "pve2", type: "local" });
  await ask("POST /cluster/sdn/zones", { zone: "parity", type: "simple" });
  await ask("POST /cluster/sdn/vnets", { vnet: "pvnet", zone: "parity" });
  await ask("POST /cluster/sdn/vnets/{vnet}/subnets", { vnet: "pvnet", subnet: "192.0.2.0/24", type: "subnet" });
}

/** PVE's sentence where it refuses; undefined where it lets the request in, whatever it then says of it. */
export async function refusalAt(at: Endpoint, client: PveClient): Promise<string | undefined> {
  const named = [at.path, JSON.stringify(at.permissions ?? "")].flatMap((text) =>
    [...text.matchAll(/\{([^}"]+)\}/g)].map(([, name = ""]) => name),
  );
  const byUser = JSON.stringify(at.permissions ?? "").includes("userid-") ? ["userid"] : [];
  const names = [...new Set([...named, ...byUser])].filter((name) => at.parameters.has(name));
  const values = Object.fromEntries(names.map((name) => [name, sampleOf(name, at.path)]));
  try {
    await client.request({ endpoint: at.key, values: { ...values, ...companions[at.key] } });
    return undefined;
  } catch (error) {
    if (error instanceof PveError && error.kind === "forbidden") return error.sentence;
    if (error instanceof PveError) return undefined;
    throw error;
  }
}
