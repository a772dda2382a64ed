// What an operator has to be able to rely on about guests, where PVE's own words say less than is so.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

describe("a reboot", () => {
  test("is told as done when the VM runs again, though PVE's task ends while it is down", async () => {
    const cluster = demo({ timed: true });
    const answer = await cluster.call("guest_reboot", { vmid: 100 });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: 100, status: "running" } });
    const tasks = (await cluster.ask("GET", "/nodes/pve1/tasks", { source: "all", vmid: "100" })) as {
      type: string;
      user: string;
    }[];
    expect(tasks.slice(0, 2).map(({ type }) => type)).toEqual(["qmstart", "qmreboot"]);
    expect(tasks[0]?.user).toBe("root@pam");
  });

  test("after which the VM doesn't come up is told as down, and not as rebooted", async () => {
    const cluster = demo({ timed: true });
    const guest = cluster.simulator.state.guests[100];
    if (!guest) throw new Error("no guest");
    guest.config.values.net0 = "virtio=BC:24:11:00:00:01,bridge=vmbr9";
    const answer = await cluster.call("guest_reboot", { vmid: 100 });
    expect(answer).toMatchObject({
      outcome: "running",
      summary: "VM 100 (web-01) went down for its reboot, and is stopped still",
    });
  });
});

describe("a change of a configuration", () => {
  test.each([
    [
      "a VM",
      100,
      { delete: "unused0" },
      "delete: unused0 would delete its volume for good; proxmox_vm_disk action=destroy",
    ],
    ["a VM", 100, { config: { delete: "tags,unused0" } }, "delete: unused0 would delete its volume for good"],
    ["a VM", 100, { delete: "scsi0", force: true }, "proxmox_vm_disk action=destroy does that"],
    ["a VM", 100, { config: { delete: "scsi0", force: 1 } }, "proxmox_vm_disk action=destroy does that"],
    ["a container", 103, { delete: "unused0" }, "proxmox_lxc_mountpoint action=destroy does that"],
  ])("of %s deletes no volume: %i %p", async (_, vmid, given, says) => {
    const cluster = demo();
    const answer = await cluster.call("guest_config_update", { vmid, ...given });
    expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
    expect(answer.reason?.join(" ")).toContain(says);
    expect(cluster.changes).toEqual([]);
  });
});

describe("a token that sees nothing", () => {
  test("is told so by the list of guests, which is empty for it", async () => {
    const answer = await demo({ token: "powerless" }).call("guest_list");
    expect(answer).toMatchObject({
      summary: "0 guests",
      notes: ["PVE lists the guests alone that the token has VM.Audit for."],
    });
  });

  test("is not told that there is no storage for backups", async () => {
    const answer = await demo({ token: "operator" }).call("backup", { action: "create", vmid: 100 });
    expect(answer.reason).toEqual(["storage is missing: the node has none for backups that the token may see"]);
  });
});

describe("a deletion", () => {
  test("by name takes the guest that is called so now, and not the one that was so seconds ago", async () => {
    const { call, ask, simulator } = demo();
    expect((await call("guest_status", { vmid: "build-01" })).record).toMatchObject({ vmid: 111 });
    await ask("PUT", "/nodes/pve3/qemu/111/config", { name: "build-old" });
    await ask("PUT", "/nodes/pve3/qemu/113/config", { name: "build-01" });
    const answer = await call("guest_delete", { vmid: "build-01" });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: 113 } });
    expect(simulator.state.guests[111]).toBeDefined();
  });

  test("claims nothing of a storage that couldn't be looked at", async () => {
    const { call, simulator } = demo();
    simulator.faults.push({ kind: "401", method: "GET", path: "/nodes/pve3/storage/shared-nfs/content" });
    const answer = await call("guest_delete", { vmid: 111 });
    expect(answer.outcome).toBe("ok");
    expect(answer.notes?.join(" ")).toContain("could not be read whole");
    expect(answer.notes?.join(" ")).not.toContain("No volume or backup");
  });
});
