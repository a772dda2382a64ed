// Changes of guests over the embedded cluster: their effect read back through another endpoint, and nothing claimed that isn't so.
import { describe, expect, test } from "bun:test";
import { createSimulator } from "../../src/simulator/simulator.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver } from "../toolkit/stand-in.ts";

/** The demo's cluster, where tasks take no time. */
function demo() {
  const simulator = createSimulator({ speed: Number.POSITIVE_INFINITY, seed: 1 });
  const cluster = clusterOver((request) => simulator.fetch(request), undefined, simulator.tokens.root);
  const call = async (name: string, given: Record<string, unknown>): Promise<Answer> => {
    const tool = catalogue.find((one) => one.name === name);
    if (!tool) throw new Error(`no tool ${name}`);
    return callTool(tool, given, cluster);
  };
  const config = async (node: string, vmid: number): Promise<Record<string, unknown>> => {
    const { data } = await cluster.client.request({
      endpoint: "GET /nodes/{node}/qemu/{vmid}/config",
      values: { node, vmid },
    });
    return { ...(data as object) };
  };
  return { call, config };
}

describe("a VM that is created", () => {
  test("has what was asked for, in the units in which it was asked", async () => {
    const { call, config } = demo();
    const created = await call("proxmox_create_vm", {
      node: "pve1",
      vmid: 200,
      name: "x",
      memory: "2G",
      disk_size: "512M",
      iso: "ubuntu-26.04-live-server-amd64.iso",
      net0: "virtio,bridge=vmbr0",
    });
    expect(created.outcome).toBe("ok");
    expect(await config("pve1", 200)).toMatchObject({
      name: "x",
      memory: "2048",
      scsi0: expect.stringMatching(/size=512M/),
      ide2: expect.stringMatching(/^local:iso\/ubuntu.*media=cdrom/),
    });
  });

  test("gets the next free number when it is given none, and the answer says which", async () => {
    const { call } = demo();
    const next = await call("proxmox_get_next_vmid", {});
    expect((await call("proxmox_create_vm", { node: "pve2" })).record?.vmid).toBe(next.record?.vmid);
  });
});

describe("a disk", () => {
  test("that is added takes the first free slot and is booted from when there was none", async () => {
    const { call, config } = demo();
    await call("proxmox_create_vm", { node: "pve1", vmid: 200 });
    expect((await call("proxmox_vm_disk", { action: "add", vmid: 200, size: 8 })).outcome).toBe("ok");
    expect(await config("pve1", 200)).toMatchObject({
      scsi0: expect.stringMatching(/^local-lvm:.*size=8G/),
      boot: "order=scsi0",
    });
  });

  test.each(["name", "net0", "boot", "memory", "scsi31", "scsi01", "virtio16", "ide4"])("can't be %s", async (disk) => {
    const { call, config } = demo();
    const before = await config("pve3", 104);
    for (const action of ["remove", "destroy"])
      expect((await call("proxmox_vm_disk", { action, vmid: 104, disk })).kind).toBe("arguments");
    expect(await config("pve3", 104)).toEqual(before);
  });

  test("that is removed stays as a volume, and one that is destroyed doesn't", async () => {
    const { call, config } = demo();
    await call("proxmox_create_vm", { node: "pve1", vmid: 200, disk_size: 4 });
    const removed = await call("proxmox_vm_disk", { action: "remove", vmid: 200, disk: "scsi0" });
    expect(removed.notes?.[0]).toContain("The volume still exists");
    expect(await config("pve1", 200)).toMatchObject({ unused0: expect.stringContaining("vm-200-disk-0") });
    const destroyed = await call("proxmox_vm_disk", { action: "destroy", vmid: 200, disk: "unused0" });
    expect(destroyed.notes?.[0]).toBe("Its volume was deleted.");
    expect(await config("pve1", 200)).not.toHaveProperty("unused0");
  });

  test.each(["remove", "destroy"])("that a running VM holds is not told as gone after %s", async (action) => {
    const { call } = demo();
    await call("proxmox_create_vm", { node: "pve1", vmid: 200, disk_size: 4, hotplug: "0" });
    await call("proxmox_guest_start", { vmid: 200 });
    const answer = await call("proxmox_vm_disk", { action, vmid: 200, disk: "scsi0" });
    expect(answer.summary).toBe("The removal of scsi0 is pending");
    expect(answer.record).toMatchObject({ pending: { scsi0: "removed" } });
    expect((await call("proxmox_vm_disk", { action: "add", vmid: 200, disk: "scsi0", size: 1 })).reason?.[0]).toContain(
      "in use",
    );
  });
});

describe("a disk that the system in a running VM doesn't let go of", () => {
  test.each(["remove", "destroy"])("is told as pending after %s, though PVE answers with an error", async (action) => {
    const { call } = demo();
    await call("proxmox_create_vm", { node: "pve1", vmid: 200, disk_size: 4 });
    await call("proxmox_guest_start", { vmid: 200 });
    const answer = await call("proxmox_vm_disk", { action, vmid: 200, disk: "scsi0" });
    expect(answer).toMatchObject({ outcome: "ok", summary: "The removal of scsi0 is pending" });
    expect((await call("proxmox_guest_pending", { vmid: 200 })).rows).toMatchObject([{ key: "scsi0", removed: true }]);
  });
});

describe("a network interface", () => {
  test("keeps what an update doesn't name, its address above all", async () => {
    const { call, config } = demo();
    const before = String((await config("pve1", 100)).net0);
    await call("proxmox_guest_network", { action: "update", vmid: 100, net: "net0", vlan: 7, bridge: "vmbr1" });
    const after = String((await config("pve1", 100)).net0);
    expect(after).toContain(/virtio=[0-9A-F:]{17}/.exec(before)?.[0] ?? "no address");
    expect(after).toContain("bridge=vmbr1");
    expect(after).toContain("tag=7");
    await call("proxmox_guest_network", { action: "update", vmid: 100, net: "net0", vlan: 0, model: "e1000" });
    expect(String((await config("pve1", 100)).net0)).toMatch(/^e1000=[0-9A-F:]{17},bridge=vmbr1/);
    expect(String((await config("pve1", 100)).net0)).not.toContain("tag=");
  });

  test("can't smuggle a second key into a value", async () => {
    const { call } = demo();
    const refused = await call("proxmox_guest_network", { action: "add", vmid: 111, bridge: "vmbr0,tag=5" });
    expect(refused.reason).toEqual(['net1.bridge must be a bridge\'s name (was "vmbr0,tag=5")']);
  });

  test.each([
    ["ip", "10.0.0.2/24"],
    ["gw", "10.0.0.1"],
  ])("of a VM has no %s, and the answer says where it is set", async (name, value) => {
    const { call } = demo();
    const refused = await call("proxmox_guest_network", { action: "add", vmid: 111, bridge: "vmbr0", [name]: value });
    expect(refused.reason?.[0]).toContain("cloud-init");
  });

  test("of a running guest that can't take the change at once is told as pending", async () => {
    const { call } = demo();
    await call("proxmox_create_vm", { node: "pve1", vmid: 200, net0: "virtio,bridge=vmbr0", hotplug: "0" });
    await call("proxmox_guest_start", { vmid: 200 });
    const answer = await call("proxmox_guest_network", { action: "remove", vmid: 200, net: "net0" });
    expect(answer.summary).toBe("The change of net0 is pending");
  });
});

describe("the guest list", () => {
  const names = async (name: string) =>
    (await demo().call("proxmox_guest_list", { name })).rows?.map((row) => row.name);
  test("finds by part and by pattern", async () => {
    expect(await names("web")).toEqual(["web-01", "web-02"]);
    expect(await names("WEB-0?")).toEqual(["web-01", "web-02"]);
    expect(await names("*-01")).toEqual(["web-01", "db-01", "build-01"]);
    expect(await names("web-*1")).toEqual(["web-01"]);
    expect(await names("*")).toHaveLength(13);
    expect(await names(`${"*a".repeat(40)}z`)).toEqual([]);
  });

  test("says what a page leaves out", async () => {
    const { call } = demo();
    expect((await call("proxmox_guest_list", { limit: 2, offset: 1 })).summary).toBe("13 guests (2 to 3 of 13)");
    expect((await call("proxmox_guest_list", { name: "mail" })).summary).toBe("1 guest");
  });
});
