// What is said of a volume when a disk or mount point goes: what became of it, and no more than that.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

describe("a VM's disk", () => {
  const at = "/nodes/pve1/qemu/100/config";

  test.each([
    ["remove", "none,media=cdrom", "the image that was in it stays"],
    ["destroy", "none,media=cdrom", "the image that was in it stays"],
    ["remove", "local-lvm:cloudinit", "its image goes with it"],
  ])("%s of %s claims no more than what PVE does", async (action, ide3, said) => {
    const { call, ask } = demo();
    await ask("PUT", at, { ide3 });
    const answer = await call("vm_disk", { action, vmid: 100, disk: "ide3" });
    expect(answer).toMatchObject({ outcome: "ok", notes: [expect.stringContaining(said)] });
  });

  test("that is detached is named by what it is now", async () => {
    const { call, ask, record } = demo();
    await ask("PUT", at, { scsi5: "local-lvm:1" });
    const answer = await call("vm_disk", { action: "remove", vmid: 100, disk: "scsi5" });
    expect(answer.notes?.[0]).toStartWith("The volume still exists as unused0;");
    expect(await record(at)).toMatchObject({ unused0: "local-lvm:vm-100-disk-1" });
  });

  test("of the size that is asked for has it as before, and growing by nothing is refused", async () => {
    const { call, changes } = demo();
    const same = await call("guest_disk_resize", { vmid: 100, disk: "scsi0", size: "32G" });
    expect(same.summary).toBe("Disk scsi0 has 32G as before");
    changes.length = 0;
    expect(await call("guest_disk_resize", { vmid: 100, disk: "scsi0", size: "+0" })).toMatchObject({
      outcome: "error",
    });
    expect(changes).toEqual([]);
  });
});

test("a mount point that a running container holds goes later, and its volume is told as one that stays", async () => {
  const { call } = demo();
  await call("lxc_mountpoint", { action: "add", vmid: 103, path: "/data", size: 1, storage: "local-lvm" });
  const answer = await call("lxc_mountpoint", { action: "destroy", vmid: 103, mp: "mp0" });
  expect(answer.summary).toBe("The removal of mp0 is pending");
  expect(answer.notes?.join()).toContain("Its volume still exists, and will as unused[n] then");
});
