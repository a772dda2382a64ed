// Holds the small parts: the nearest name, the flat JSON Schema, and what a look-up must not import.
import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { nearest } from "../../src/schema/nearest.ts";
import { endpoint, endpointKeys, type Parameter } from "../../src/schema/registry.ts";

const SCHEMA = join(import.meta.dirname, "../../src/schema");

function parameter(key: Parameters<typeof endpoint>[0], name: string): Parameter {
  const found = endpoint(key).parameters.get(name);
  if (found === undefined) throw new Error(`${key} has no ${name}`);
  return found;
}

test("the nearest name is found over a typo, a swap, another dash, and not over a distance", () => {
  const names = ["bridge", "firewall", "overrule-shutdown", "timeout", "vmid", "node"];
  expect(nearest("brige", names)).toBe("bridge");
  expect(nearest("tiemout", names)).toBe("timeout");
  expect(nearest("overrule_shutdown", names)).toBe("overrule-shutdown");
  expect(nearest("VMID", names)).toBe("vmid");
  expect(nearest("memory", names)).toBeUndefined();
  expect(nearest("x", names)).toBeUndefined();
  expect(nearest("", names)).toBeUndefined();
});

test("every parameter has a flat JSON Schema with a type", () => {
  for (const key of endpointKeys()) {
    for (const each of endpoint(key).parameters.values()) {
      const schema = jsonSchema(each);
      expect(["string", "integer", "number", "boolean", "array"]).toContain(schema.type);
      expect(Object.keys(schema).every((word) => ["type", "enum", "minimum", "maximum", "items"].includes(word))).toBe(
        true,
      );
    }
  }
  expect(jsonSchema(parameter("POST /nodes/{node}/qemu", "vmid"))).toEqual({
    type: "integer",
    minimum: 100,
    maximum: 999999999,
  });
  expect(jsonSchema(parameter("POST /nodes/{node}/qemu", "bios"))).toEqual({
    type: "string",
    enum: ["seabios", "ovmf"],
  });
  expect(jsonSchema(parameter("POST /nodes/{node}/qemu", "net[n]"))).toEqual({ type: "string" });
  expect(jsonSchema(parameter("POST /cluster/bulk-action/guest/start", "vms")).type).toBe("array");
});

/** All files that a file imports statically, itself included. */
async function closure(file: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.endsWith(".ts")) return seen;
  const source = await readFile(join(SCHEMA, file), "utf8");
  for (const [, imported = ""] of source.matchAll(/^(?:import|export) (?!type )[^;]*?"([^"]+)";$/gm))
    await closure(imported.replace("./", ""), seen);
  return seen;
}

test("only the check brings ArkType in: look-ups, words and property strings do without", async () => {
  for (const file of [
    "registry.ts",
    "problem.ts",
    "property-string.ts",
    "json-schema.ts",
    "nearest.ts",
    "secret.ts",
    "describe.ts",
  ]) {
    expect([...(await closure(file))].filter((name) => name.startsWith("arktype"))).toEqual([]);
  }
  expect([...(await closure("check.ts"))].filter((name) => name.startsWith("arktype"))).toEqual([
    "arktype/config",
    "arktype",
  ]);
});
