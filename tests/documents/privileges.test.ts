// The privileges in docs/tools.md are those that the embedded cluster checks: each operation's endpoint, asked by a token
// that may nothing, answers with a 403 that names the same ones on the same path.
import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { privilegesAt } from "../../scripts/documents/privileges.ts";
import { privilegesText } from "../../scripts/documents/tools.ts";
import { createClient } from "../../src/pve/client.ts";
import { PveError } from "../../src/pve/errors.ts";
import type { WireValue } from "../../src/schema/check.ts";
import { type Endpoint, type EndpointKey, endpoint } from "../../src/schema/registry.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { endpointsOf } from "../../src/toolkit/arguments.ts";
import { catalogue } from "../../src/tools/catalogue.ts";

const page = readFileSync(`${import.meta.dir}/../../docs/tools.md`, "utf8");
const simulator = createSimulator({ seed: 1, speed: Number.POSITIVE_INFINITY });
const clientWith = (token: string) =>
  createClient({ fetch: simulator.fetch, base: "https://pve:8006", authorization: `PVEAPIToken=${token}` });
const powerless = clientWith(simulator.tokens.powerless);

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

beforeAll(async () => {
  const root = clientWith(simulator.tokens.root);
  const ask = (endpoint: EndpointKey, values: Readonly<Record<string, WireValue>>) =>
    root.request({ endpoint, values });
  await ask("POST /storage", { storage: "zp", type: "zfspool", pool: "rpool/data", content: "images,rootdir" });
  await ask("POST /nodes/{node}/qemu", { node: "pve1", vmid: 150, scsi0: "zp:4" });
  await ask("POST /cluster/replication", { id: "150-0", target: "pve2", type: "local" });
  await ask("POST /cluster/sdn/zones", { zone: "parity", type: "simple" });
  await ask("POST /cluster/sdn/vnets", { vnet: "pvnet", zone: "parity" });
  await ask("POST /cluster/sdn/vnets/{vnet}/subnets", { vnet: "pvnet", subnet: "192.0.2.0/24", type: "subnet" });
});

const operations = catalogue.flatMap((tool) =>
  [...tool.operations].map(([action, operation]) => ({
    label: `${tool.name} ${action}`.trim(),
    tool,
    action,
    operation,
  })),
);
const keys = [...new Set(operations.flatMap(({ operation }) => endpointsOf(operation).map(({ key }) => key)))];

/** Asks as a token without any privilege, with no more than what the path and the check name. */
async function refusalAt(at: Endpoint): Promise<string | undefined> {
  const named = [at.path, JSON.stringify(at.permissions ?? "")].flatMap((text) =>
    [...text.matchAll(/\{([^}"]+)\}/g)].map(([, name = ""]) => name),
  );
  const byUser = JSON.stringify(at.permissions ?? "").includes("userid-") ? ["userid"] : [];
  const names = [...new Set([...named, ...byUser])].filter((name) => at.parameters.has(name));
  const values = Object.fromEntries(names.map((name) => [name, sampleOf(name, at.path)]));
  try {
    await powerless.request({ endpoint: at.key, values: { ...values, ...companions[at.key] } });
    return undefined;
  } catch (error) {
    if (error instanceof PveError && error.kind === "forbidden") return error.sentence;
    if (error instanceof PveError) return undefined;
    throw error;
  }
}

describe("the privileges of docs/tools.md", () => {
  test.each(operations)("stand there for $label", ({ tool, action, operation }) => {
    const chapter = page.slice(page.indexOf(`### ${tool.name}\n`)).split("\n### ")[0] ?? "";
    const row = chapter.split("\n").find((line) => line.startsWith(`| ${action || "—"} |`));
    expect(row).toEndWith(`| ${privilegesText(operation)} |`);
  });

  test.each(keys)("are those that the embedded cluster checks at %s", async (key) => {
    const at = endpoint(key);
    const words = privilegesAt(at);
    const refusal = await refusalAt(at);
    if (words.startsWith("none")) {
      expect(refusal).toBeUndefined();
      return;
    }
    expect(refusal).toBeDefined();
    if (words.startsWith("root@pam alone")) {
      expect(refusal).toContain("user != root@pam");
      return;
    }
    const [, path, privileges = ""] = /\(([^,()]*), ([A-Za-z.|]+)\)/.exec(refusal ?? "") ?? [];
    // PVE names nothing where several ways lead through
    if (path === undefined) expect(words).toMatch(/ or |being that user/);
    for (const name of privileges.split("|").filter(Boolean)) {
      const isConfig = name.startsWith("VM.Config.") && words.includes("VM.Config.* on");
      expect(isConfig ? "VM.Config.*" : words).toContain(isConfig ? "VM.Config.*" : name);
    }
    if (path) expect(placesIn(words).some((place) => place.test(path))).toBe(true);
  });
});

/** The ACL paths that the words name, as patterns. */
const placesIn = (words: string): RegExp[] =>
  [...words.matchAll(/(?:on|or) (\/(?:\{[^}]+\}|[^\s,;)])*|\{path\})/g)].map(
    ([, place = ""]) => new RegExp(`^${place.replace("{path}", "/.+").replace(/\{[^}]+\}/g, "[^/]+")}$`),
  );
