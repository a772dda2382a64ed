// Holds the registry against PVE's description of its API, and its look-ups.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "../../scripts/registry.ts";
import { EMPTY_HISTORY, historyOf } from "../../scripts/registry-history.ts";
import { type Json, list, type Method, readDescription, record, text } from "../../scripts/registry-source.ts";
import { endpoint, endpointKeys, parameterOf, route } from "../../src/schema/registry.ts";

const SCHEMA = join(import.meta.dirname, "../../src/schema");
const DESCRIPTIONS = join(import.meta.dirname, "../../../shared/pve-api");
const VERSIONS = ["8.4", "9.1", "9.2"] as const;
const isPresent = existsSync(DESCRIPTIONS);
const absent = isPresent ? "" : " (the descriptions are absent here: nothing to compare)";

function descriptionOf(version: string): Promise<Method[]> {
  return readDescription(join(DESCRIPTIONS, `pve-${version}.jsonl`));
}

async function written(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of (await readdir(SCHEMA)).filter((file) => file.includes(".gen."))) {
    files.set(name, await readFile(join(SCHEMA, name), "utf8"));
  }
  return files;
}

test("all 661 endpoints of PVE 9.2 are there, by method and path", () => {
  const keys = endpointKeys();
  expect(keys.length).toBe(661);
  expect(new Set(keys).size).toBe(661);
  for (const key of keys) {
    const { method, path, parameters } = endpoint(key);
    expect(`${method} ${path}`).toBe(key);
    const variables = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
    const inPath = [...parameters.values()].filter((parameter) => parameter.inPath).map(({ name }) => name);
    expect(inPath.sort()).toEqual(variables.sort());
  }
});

test(`generating it again changes nothing${absent}`, async () => {
  if (!isPresent) return;
  const descriptions = await Promise.all(
    VERSIONS.map(async (version) => [version, await descriptionOf(version)] as const),
  );
  expect(generate(descriptions, EMPTY_HISTORY)).toEqual(await written());
});

test(`the apidoc.js of a host makes the same registry as the lines${absent}`, async () => {
  if (!isPresent) return;
  const methods = await descriptionOf("9.2");
  const tree = methods.map(({ path, method, info }) => ({ path, leaf: 1, text: "x]};", info: { [method]: info } }));
  const file = join(tmpdir(), `apidoc-${process.pid}.js`);
  await writeFile(
    file,
    `const apiSchema = ${JSON.stringify([{ path: "", children: tree }], null, 3)}\n;\nlet clientPage = [1];\n`,
  );
  const known = new Map<string, string>();
  for (const version of ["9.1", "8.4"]) {
    for (const [name] of historyOf(version, await descriptionOf(version))) known.set(name, version);
  }
  expect(generate([["9.2", await readDescription(file)]], known)).toEqual(await written());
});

test(`no sentence of PVE's documentation is in the generated files${absent}`, async () => {
  if (!isPresent) return;
  const files = [...(await written()).values()].join("\n");
  const copied: string[] = [];
  const walk = (value: Json): void => {
    for (const [name, inner] of Object.entries(record(value))) {
      const words = text(inner) ?? "";
      if (
        name.includes("description") &&
        words.split(" ").length > 3 &&
        files.includes(JSON.stringify(words).slice(1, -1))
      ) {
        copied.push(words);
      }
      walk(inner);
    }
    for (const inner of list(value)) walk(inner);
  };
  for (const { info } of await descriptionOf("9.2")) walk(info);
  expect(copied).toEqual([]);
});

test(`endpoints and parameters carry the oldest version that has them${absent}`, async () => {
  if (!isPresent) return;
  for (const version of VERSIONS) {
    for (const { method, path, info } of await descriptionOf(version)) {
      const found = route(method, path.replaceAll(/[{}]/g, ""))?.endpoint;
      if (found?.path !== path) continue;
      expect(found.since <= version).toBe(true);
      for (const name of Object.keys(record(record(info.parameters).properties))) {
        expect((found.parameters.get(name)?.since ?? "8.4") <= version).toBe(true);
      }
    }
  }
});

test("a parameter says what it needs: type, default, requirement, version", () => {
  const create = endpoint("POST /nodes/{node}/qemu");
  expect(create.parameters.get("node")).toMatchObject({ definition: "pve-node", required: true, inPath: true });
  expect(create.parameters.get("vmid")).toMatchObject({ definition: "pve-vmid", required: true, inPath: false });
  expect(create.parameters.get("cores")).toMatchObject({ definition: "integer>=1", required: false, default: 1 });
  expect(create.parameters.get("unique")).toMatchObject({ definition: "boolean", requires: "archive" });
  expect(create.parameters.get("ha-managed")?.since).toBe("9.1");
  expect(create).toMatchObject({ additional: false, since: "8.4", proxyTo: "node" });
});

test("an index parameter is found by any of its names", () => {
  const create = endpoint("POST /nodes/{node}/qemu");
  expect(parameterOf(create, "net17")).toBe(create.parameters.get("net[n]"));
  expect(parameterOf(create, "net[n]")?.definition).toBe("qemu-net");
  expect(parameterOf(create, "cores")?.name).toBe("cores");
  expect(parameterOf(create, "cores1")).toBeUndefined();
  expect(parameterOf(create, "constructor")).toBeUndefined();
});

test("privileges are given as data, and their absence means root alone", () => {
  expect(endpoint("GET /nodes/{node}/qemu/{vmid}/config").permissions).toEqual(["perm", "/vms/{vmid}", ["VM.Audit"]]);
  expect(endpoint("GET /version").user).toBe("all");
  expect(endpoint("POST /access/ticket").user).toBe("world");
  const rootOnly = endpoint("POST /nodes/{node}/execute");
  expect([rootOnly.permissions, rootOnly.user]).toEqual([undefined, undefined]);
});

test("HA rules, whose parameters hang on the kind of the rule, are there with it", () => {
  const rules = endpoint("POST /cluster/ha/rules");
  expect(rules.parameters.get("type")?.definition).toEqual(["===", "node-affinity", "resource-affinity"]);
  expect(rules.parameters.get("nodes")?.only).toEqual({ parameter: "type", values: ["node-affinity"], required: true });
  expect(rules.parameters.get("resources")).toMatchObject({ required: true, definition: "pve-ha-resource-id-list" });
});

test("a result keeps PVE's renderers", () => {
  expect(endpoint("GET /nodes/{node}/qemu").result).toMatchObject([
    { vmid: "integer", uptime: "integer duration", maxmem: "integer bytes" },
  ]);
  expect(endpoint("GET /cluster/resources").result).toMatchObject([{ cpu: "number fraction_as_percentage" }]);
  expect(endpoint("POST /nodes/{node}/qemu").result).toBe("string");
});

test("a concrete path finds its endpoint and variables", () => {
  expect(route("GET", "/nodes/pve1/qemu/100/config")).toMatchObject({ variables: { node: "pve1", vmid: "100" } });
  expect(route("GET", "//nodes/pve1//lxc/")?.endpoint.key).toBe("GET /nodes/{node}/lxc");
  expect(route("GET", "/cluster/ha/status/current")?.endpoint.key).toBe("GET /cluster/ha/status/current");
  expect(route("PUT", "/access/users/a%40pve")?.variables).toEqual({ userid: "a@pve" });
  expect(route("DELETE", "/nodes/a/storage/s/content/s:iso/x.iso")?.variables).toEqual({
    node: "a",
    storage: "s",
    volume: "s:iso/x.iso",
  });
  expect(route("PUT", "/cluster/firewall/ipset/set1/10.9.0.0/24")?.variables).toEqual({
    name: "set1",
    cidr: "10.9.0.0/24",
  });
  expect(route("GET", "/nope")).toBeUndefined();
  expect(route("PATCH", "/nodes")).toBeUndefined();
  expect(route("GET", "/nodes/%zz/lxc")?.variables).toEqual({ node: "%zz" });
});
