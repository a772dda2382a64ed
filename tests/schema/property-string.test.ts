// Holds the reading and writing of property strings, on config values of real guests.
import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkValue } from "../../src/schema/check-value.ts";
import { readProperties, writeProperties } from "../../src/schema/property-string.ts";

const CONFIG_VALUES: readonly (readonly [definition: string, text: string])[] = JSON.parse(
  await readFile(join(import.meta.dirname, "config-values.gen.json"), "utf8"),
);

test("a NIC's model and address are read from PVE's short form", () => {
  expect(readProperties("qemu-net", "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1")).toEqual({
    model: "virtio",
    macaddr: "BC:24:11:00:00:01",
    bridge: "vmbr0",
    firewall: "1",
  });
  expect(readProperties("qemu-net", "e1000,bridge=vmbr0")).toEqual({ model: "e1000", bridge: "vmbr0" });
});

test("a default key and an alias are read as the key they stand for", () => {
  expect(readProperties("qemu-scsi", "local-lvm:vm-100-disk-0,size=8G")).toEqual({
    file: "local-lvm:vm-100-disk-0",
    size: "8G",
  });
  expect(readProperties("qemu-scsi", "volume=local-lvm:1")).toEqual({ file: "local-lvm:1" });
  expect(readProperties("qemu-agent", "1,guest-fsfreeze=0")).toEqual({ enabled: "1", "freeze-fs": "0" });
});

/** The parts of a text, the name of a default key left out: PVE takes both spellings. */
function parts(text: string): string[] {
  return text
    .replace(/^(?:volume|order|enabled)=/, "")
    .split(",")
    .sort();
}

test("every config value of the recorded guests is the same after reading and writing", () => {
  expect(CONFIG_VALUES.length).toBeGreaterThan(90);
  for (const [definition, text] of CONFIG_VALUES) {
    const properties = readProperties(definition, text);
    const written = writeProperties(definition, properties);
    expect(parts(written)).toEqual(parts(text));
    expect(readProperties(definition, written)).toEqual(properties);
  }
});

test("every config value of the recorded guests passes the check, as text and as an object", () => {
  for (const [definition, text] of CONFIG_VALUES) {
    const place = { argument: "it", secret: false, separator: "," } as const;
    expect([text, checkValue(definition, text, place).problems]).toEqual([text, []]);
    expect([text, checkValue(definition, readProperties(definition, text), place).problems]).toEqual([text, []]);
  }
});

test("one key is changed without touching the others", () => {
  const properties = readProperties("qemu-net", "virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=5");
  expect(writeProperties("qemu-net", { ...properties, bridge: "vmbr1" })).toBe(
    "virtio=BC:24:11:00:00:01,bridge=vmbr1,tag=5",
  );
});

test("a definition that isn't a property string is a mistake of the caller", () => {
  expect(() => readProperties("pve-node", "a")).toThrow(TypeError);
});
