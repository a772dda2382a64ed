// Disks that grow and move: the effect read back from the storage, and nothing sent that PVE's task would only fail on.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

const vm = "/nodes/pve1/qemu/100/config";
const container = "/nodes/pve1/lxc/103/config";

describe("a disk that grows", () => {
  test.each([
    [100, "scsi0", "+1G", "33G", vm],
    [100, "scsi0", "50", "50G", vm],
    [100, "scsi0", "0.5T", "512G", vm],
    [100, "scsi0", "+512 MiB", "33280M", vm],
    [103, "rootfs", "+1G", "", container],
  ])("of guest %s, %s by or to %s", async (vmid, disk, size, after, path) => {
    const { call, record } = demo();
    const before = String((await record(path))[disk]);
    const answer = await call("guest_disk_resize", { vmid, disk, size });
    const now = String((await record(path))[disk]);
    expect(answer).toMatchObject({
      outcome: "ok",
      task: { exitstatus: "OK" },
      changes: [{ key: disk, old: before, new: now }],
    });
    expect(now).not.toBe(before);
    if (after !== "") expect(answer.record).toEqual({ disk, size: after });
  });

  test.each(["31G", "1", "512M"])(
    "can't shrink to %s: refused with the present size before anything is sent",
    async (size) => {
      const { call, changes } = demo();
      const answer = await call("guest_disk_resize", { vmid: 100, disk: "scsi0", size });
      expect(answer.reason).toEqual([
        `size ${size}: scsi0 has 32G, and a disk can only grow; +${size} makes it larger by that much`,
      ]);
      expect(changes).toEqual([]);
    },
  );

  test("must exist: the answer names those that do", async () => {
    const { call, changes } = demo();
    const answer = await call("guest_disk_resize", { vmid: 100, disk: "scsi7", size: "+1G" });
    expect(answer.reason).toEqual(["disk scsi7 does not exist; this guest has scsi0"]);
    expect(changes).toEqual([]);
  });
});

describe("a disk that moves", () => {
  test.each([
    [100, "scsi0", vm],
    [103, "rootfs", container],
  ])(
    "of guest %s is on the other storage, and the old volume stays as unused0 unless delete is given",
    async (vmid, disk, path) => {
      const { call, record } = demo();
      const answer = await call("guest_disk_move", { vmid, disk, storage: "shared-nfs" });
      expect(answer).toMatchObject({ outcome: "ok", record: { disk, volume: expect.stringContaining("shared-nfs:") } });
      expect(answer.summary).toStartWith(`Disk ${disk} of ${vmid === 100 ? "VM 100" : "container 103"} (`);
      expect(answer.notes?.[0]).toContain("still exists as unused0 (local-lvm:");
      expect(await record(path)).toMatchObject({
        [disk]: expect.stringContaining("shared-nfs:"),
        unused0: expect.stringContaining("local-lvm:"),
      });
      expect(answer.changes?.map(({ key }) => key).sort()).toEqual([disk, "unused0"].sort());
    },
  );

  test.each([
    [100, "scsi0", vm],
    [103, "rootfs", container],
  ])("of guest %s leaves nothing behind with delete", async (vmid, disk, path) => {
    const { call, record, ask } = demo();
    const answer = await call("guest_disk_move", { vmid, disk, storage: "shared-nfs", delete: "true" });
    expect(answer.notes).toBeUndefined();
    expect(await record(path)).not.toHaveProperty("unused0");
    const left = JSON.stringify(await ask("GET", "/nodes/pve1/storage/local-lvm/content"));
    expect(left).not.toContain(`vm-${vmid}-disk-0`);
  });
});
