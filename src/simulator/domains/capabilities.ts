// What QEMU on a node can do: CPU models and flags, machines, migration.
import { cpuModels } from "../door/names.ts";
import type { Handlers } from "../engine/handler.ts";

const amd = /^(?:EPYC|Opteron|athlon|phenom)/;
const neutral = /^(?:host|max|kvm|qemu|x86-64)/;

function vendor(name: string): string {
  if (amd.test(name)) return "AuthenticAMD";
  return neutral.test(name) ? "default" : "GenuineIntel";
}

/** The flags that a VM's CPU option may carry. */
const flags =
  "nested-virt aes amd-no-ssb amd-ssbd hv-evmcs hv-tlbflush ibpb md-clear pcid pdpe1gb spec-ctrl ssbd virt-ssbd".split(
    " ",
  );

const versions: readonly string[] = ["10.2", "10.1", "10.0+pve1", "10.0", "9.2+pve1", "9.2", "9.1", "9.0"];

function machines(): Record<string, unknown>[] {
  return versions.flatMap((version) =>
    ["i440fx", "q35"].map((type) => ({ id: `pc-${type}-${version}`, type, version })),
  );
}

const nested = "VMs inside the VM";

const cpuFlags = () =>
  flags.map((name) => ({
    ...(name === "nested-virt" ? { description: nested } : {}),
    name,
    "supported-on": [],
  }));

export const capabilities: Handlers = {
  "GET /nodes/{node}/capabilities/qemu/cpu": () =>
    [...cpuModels].map((name) => ({
      ...(name.startsWith("x86-64") ? { abstract: 1 } : {}),
      custom: 0,
      name,
      vendor: vendor(name),
    })),
  "GET /nodes/{node}/capabilities/qemu/cpu-flags": cpuFlags,
  "GET /nodes/{node}/capabilities/qemu/machines": machines,
  "GET /nodes/{node}/capabilities/qemu/migration": () => ({ "has-dbus-vmstate": true }),
  "GET /cluster/qemu/cpu-flags": cpuFlags,
  "GET /cluster/qemu/custom-cpu-models": () => [],
};
