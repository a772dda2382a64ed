import { describe, expect, test } from "bun:test";
import { clients } from "./clients.ts";

const demo = ["serve", "--demo"];

describe.each(clients)("tools/call through $name", ({ connect }) => {
  test("creates a VM with a disk and a network card, starts it, and reads it back", async () => {
    await using session = await connect(demo);
    await session.list(); // from here on the client holds every structuredContent against its outputSchema
    const steps: string[] = [];
    const call = async (name: string, args: Record<string, unknown>): Promise<string> => {
      const { text, structured, isError } = await session.call(name, args);
      expect({ name, text, isError }).toEqual({ name, text, isError: false });
      expect(structured).toBeObject();
      expect(text).toMatch(/demo/i);
      steps.push(name);
      return text;
    };

    const vmid = /\b\d{3,}\b/.exec(await call("proxmox_get_next_vmid", {}))?.[0] ?? "";
    const node = "pve1";
    await call("proxmox_create_vm", { node, vmid, name: "ubuntu-26", cores: 4, memory: 8192 });
    await call("proxmox_vm_disk", { action: "add", node, vmid, disk: "scsi0", storage: "local-lvm", size: 50 });
    const type = "vm";
    await call("proxmox_guest_network", { action: "add", type, node, vmid, net: "net0", bridge: "vmbr0" });
    await call("proxmox_guest_start", { type, node, vmid });
    expect(await call("proxmox_guest_status", { vmid: "ubuntu-26" })).toContain("running");
    expect(await call("proxmox_guest_list", { type: "vm" })).toContain("ubuntu-26");
    expect(await call("proxmox_node", { action: "list" })).toContain("pve1");

    expect(steps.length).toBe(8);
    expect(session.peer.foreign).toEqual([]);
  });

  test("tells the progress of a task while it runs", async () => {
    await using session = await connect(demo);
    const seen: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void seen.push(progress);
    const { isError } = await session.call("proxmox_create_vm", { node: "pve1", vmid: 901 }, { onprogress });
    expect(isError).toBe(false);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("is freed by a cancellation, and the session goes on", async () => {
    await using session = await connect(demo);
    const cancel = new AbortController();
    const cancelled = session.call("proxmox_guest_start", { vmid: "build-01" }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 300); // the start takes longer
    await expect(cancelled).rejects.toThrow();
    const next = await session.call("proxmox_get_next_vmid", {});
    expect(next.isError).toBe(false);
    const calls = session.peer.messages.filter(({ result }) => result !== undefined && "content" in result);
    expect(calls.length).toBe(1); // MCP: no answer to a request that was cancelled
  });

  test("answers all problems of the arguments at once, and sends nothing", async () => {
    await using session = await connect(demo);
    const { text, isError } = await session.call("proxmox_create_vm", { nod: "pve1", vmid: 5, cores: "many" });
    expect(isError).toBe(true);
    for (const problem of ["nod", "node", "vmid", "cores", "many"]) expect(text).toContain(problem);
  });

  test("says of a guest that isn't there that it isn't", async () => {
    await using session = await connect(demo);
    const { text, isError } = await session.call("proxmox_guest_status", { vmid: "nobody" });
    expect(isError).toBe(true);
    expect(text).toContain("nobody");
  });
});
