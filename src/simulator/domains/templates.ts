// Container templates that a node can fetch, and the report that its administrators send to support.
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { isOnNode } from "../guests/volumes.ts";
import { versions } from "./cluster.ts";

type Row = Record<string, unknown>;

/** System, version, package version, bytes. */
const systems: readonly (readonly [os: string, version: string, build: string, size: number])[] = [
  ["almalinux-10-default", "10", "20250930_amd64.tar.xz", 107_000_000],
  ["alpine-3.22-default", "3.22", "20250617_amd64.tar.xz", 3_242_112],
  ["debian-12-standard", "12", "12.12-1_amd64.tar.zst", 126_515_062],
  ["debian-13-standard", "13", "13.1-2_amd64.tar.zst", 128_874_112],
  ["fedora-43-default", "43", "20251120_amd64.tar.xz", 98_000_000],
  ["rockylinux-10-default", "10", "20251001_amd64.tar.xz", 109_000_000],
  ["ubuntu-24.04-standard", "24.04", "24.04-2_amd64.tar.zst", 141_589_318],
  ["ubuntu-26.04-standard", "26.04", "26.04-1_amd64.tar.zst", 141_557_760],
];

const list = (): Row[] =>
  systems.map(([name, version, build]) => {
    const [system = "", , kind = ""] = name.split("-");
    return {
      architecture: "amd64",
      description: `${system} ${version} (${kind})`,
      headline: `LXC ${kind} image for ${system} ${version}`,
      infopage: "https://linuxcontainers.org",
      location: `http://download.proxmox.com/images/system/${name}_${build}`,
      maintainer: "Proxmox Support Team <support@proxmox.com>",
      os: `${system}-${version}`,
      package: name,
      section: "system",
      source: "http://download.proxmox.com/images",
      template: `${name}_${build}`,
      type: "lxc",
      version: build.split("_")[0],
    };
  });

function fetch(call: Call): string {
  const { cluster, caller, node, params } = call;
  const template = params.need("template");
  const found = systems.find(([name, , build]) => `${name}_${build}` === template);
  if (found === undefined) throw invalid({ template: "no such template" });
  const id = params.need("storage");
  const storage = cluster.storage(id);
  if (!isOnNode(storage, node)) throw failure(`storage '${id}' is not available on node '${node}'`);
  if (!(storage.options.content ?? "").split(",").includes("vztmpl"))
    throw failure(`storage '${id}' does not support 'vztmpl' content`);
  return cluster.fork(caller, node, "download", template, function* (worker) {
    worker.log(`downloading http://download.proxmox.com/images/system/${template}`);
    yield 3000;
    const volid = `${id}:vztmpl/${template}`;
    const own = storage.type === "dir" ? { node } : {};
    const others = cluster.state.volumes.filter((volume) => volume.volid !== volid || volume.node !== own.node);
    const format = template.endsWith(".xz") ? "txz" : "tzst";
    const [, , , size] = found;
    const volume = {
      volid,
      storage: id,
      ...own,
      content: "vztmpl",
      format,
      size,
      used: size,
      ctime: cluster.seconds(),
    };
    cluster.state.volumes = [...others, volume];
    worker.log("download finished");
  });
}

/** A section for each look at the host: a title between bars, then what a command said. */
function report({ cluster, node: name }: Call): string {
  const node = cluster.node(name);
  const { version, repoid } = versions[cluster.state.release];
  const guests = cluster.guests().filter((guest) => guest.node === name);
  const section = (title: string, ...lines: string[]) => [`==== ${title} ====`, "", ...lines, ""];
  return [
    `PVE report generated at ${new Date(cluster.now()).toISOString()} by ${name}`,
    "",
    ...section("general system info", `# hostname`, name, "", "# pveversion", `pve-manager/${version}/${repoid}`),
    ...section(
      "info about storage",
      "# cat /etc/pve/storage.cfg",
      ...Object.values(cluster.state.storages).map(({ type, storage }) => `${type}: ${storage}`),
    ),
    ...section(
      "info about virtual guests",
      ...guests.map(({ type, vmid, process }) => `${type} ${vmid} ${process === undefined ? "stopped" : "running"}`),
    ),
    ...section("info about network", ...Object.keys(node.network).map((iface) => `iface ${iface}`)),
    ...section("info about the hardware", `${node.cpuModel}, ${node.cpus} CPUs`, `memory: ${node.memory} bytes`),
  ].join("\n");
}

export const templates: Handlers = {
  "GET /nodes/{node}/aplinfo": list,
  "POST /nodes/{node}/aplinfo": fetch,
  "GET /nodes/{node}/report": report,
};
