import { describe, expect, test } from "bun:test";
import { record, rows, type Side, side } from "./asking.ts";

const target = { storage: "shared-nfs", compress: "zstd", mode: "snapshot" };

async function backups({ ask }: Side): Promise<Record<string, unknown>[]> {
  return rows((await ask("GET", "/nodes/pve1/storage/shared-nfs/content", { content: "backup" })).data);
}

async function backUp(one: Side, vmid: string, node = "pve1", params: Record<string, string> = {}): Promise<string> {
  expect(await one.run("POST", `/nodes/${node}/vzdump`, { ...target, vmid, ...params })).toBe("OK");
  return String((await backups(one)).at(-1)?.volid);
}

describe("a backup", () => {
  test("is a volume with kind, guest and notes, and holds the config", async () => {
    const one = side();
    const volid = await backUp(one, "100", "pve1", { "notes-template": "{{guestname}} on {{node}}", protected: "1" });
    expect(volid).toMatch(/^shared-nfs:backup\/vzdump-qemu-100-2026_11_24-\d\d_\d\d_\d\d\.vma\.zst$/);
    const [row] = await backups(one);
    expect(row).toMatchObject({ subtype: "qemu", vmid: 100, notes: "web-01 on pve1", protected: 1, format: "vma.zst" });
    const config = (await one.ask("GET", "/nodes/pve1/vzdump/extractconfig", { volume: volid })).data;
    expect(String(config)).toMatch(/name: web-01\n[\s\S]*#qmdump#map:scsi0:drive-scsi0:local-lvm:raw:\n$/);
  });

  test("locks its guest: config at once, stop in the task; the lock goes with the task", async () => {
    const { ask, run, pass } = side();
    const upid = String((await ask("POST", "/nodes/pve1/vzdump", { ...target, vmid: "100", bwlimit: "10000" })).data);
    pass(2000);
    const change = () => ask("PUT", "/nodes/pve1/qemu/100/config", { description: "x" });
    expect((await change()).message).toBe("VM is locked (backup)\n");
    expect(await run("POST", "/nodes/pve1/qemu/100/status/stop")).toBe("VM is locked (backup)");
    await ask("DELETE", `/nodes/pve1/tasks/${upid}`);
    expect(record((await ask("GET", `/nodes/pve1/tasks/${upid}/status`)).data).exitstatus).toBe(
      "interrupted by signal",
    );
    expect((await change()).status).toBe(200);
  });

  test("of a guest elsewhere is OK and does nothing; of none fails in the task; of both kinds of choice is refused", async () => {
    const one = side();
    expect((await one.ask("POST", "/nodes/pve1/vzdump", { ...target, vmid: "101" })).data).toBe("OK");
    expect(await backups(one)).toEqual([]);
    expect(await one.run("POST", "/nodes/pve1/vzdump", { ...target, vmid: "999" })).toBe("job errors");
    const both = await one.ask("POST", "/nodes/pve1/vzdump", { ...target, vmid: "100", all: "1" });
    expect([both.status, both.errors]).toEqual([400, { all: "option conflicts with option 'vmid'" }]);
    expect(await one.run("POST", "/nodes/pve1/vzdump", { vmid: "100", storage: "nosuch" })).toBe(
      "could not get storage information for 'nosuch': storage 'nosuch' does not exist",
    );
  });

  test("goes when the retention doesn't keep it, unless it is protected", async () => {
    const one = side();
    await backUp(one, "103", "pve1", { remove: "0", protected: "1" });
    for (let count = 0; count < 3; count += 1) await backUp(one, "103", "pve1", { remove: "0" });
    const retention = { vmid: "103", "prune-backups": "keep-last=1" };
    const preview = rows((await one.ask("GET", "/nodes/pve1/storage/shared-nfs/prunebackups", retention)).data);
    expect(preview.map(({ mark }) => mark).sort()).toEqual(["keep", "protected", "remove", "remove"]);
    expect(await one.run("DELETE", "/nodes/pve1/storage/shared-nfs/prunebackups", retention)).toBe("OK");
    expect((await backups(one)).length).toBe(2);
  });
});

describe("a restore", () => {
  test("makes the guest again, under another id with other MAC addresses", async () => {
    const one = side();
    const archive = await backUp(one, "100");
    expect(
      await one.run("POST", "/nodes/pve1/qemu", { vmid: "400", archive, unique: "1", storage: "shared-nfs" }),
    ).toBe("OK");
    const [before, after] = await Promise.all(
      [100, 400].map(async (vmid) => record((await one.ask("GET", `/nodes/pve1/qemu/${vmid}/config`)).data)),
    );
    expect(after).toMatchObject({
      name: "web-01",
      memory: before?.memory,
      scsi0: expect.stringContaining("shared-nfs:400/vm-400-disk-0.raw"),
    });
    expect(after?.net0).not.toBe(before?.net0);
  });

  test("over a guest takes force, and a guest that is stopped and not protected", async () => {
    const one = side();
    const archive = await backUp(one, "111", "pve3");
    const again = (params: Record<string, string> = {}) =>
      one.run("POST", "/nodes/pve3/qemu", { vmid: "111", archive, ...params });
    expect(await again()).toBe("refused: unable to restore VM 111 - VM 111 already exists on node 'pve3'\n");
    expect(await again({ force: "1" })).toBe("OK");
    await one.run("POST", "/nodes/pve3/qemu/111/status/start");
    expect(await again({ force: "1" })).toBe("unable to restore VM 111 - vm is running");
  });

  test("of a container goes the container's way", async () => {
    const one = side();
    const archive = await backUp(one, "103");
    const make = (params: Record<string, string> = {}) =>
      one.run("POST", "/nodes/pve1/lxc", {
        vmid: "401",
        ostemplate: archive,
        restore: "1",
        storage: "local-lvm",
        ...params,
      });
    expect(await make()).toBe("OK");
    expect(await make()).toBe("refused: CT 401 already exists on node 'pve1'\n");
    expect(await make({ force: "1" })).toBe("OK");
    const content = rows((await one.ask("GET", "/nodes/pve1/storage/local-lvm/content", { vmid: "401" })).data);
    expect(content.length).toBe(1);
  });

  test("from what is no backup, or from a path, is refused", async () => {
    const { ask } = side();
    const refused = async (archive: string) =>
      (await ask("POST", "/nodes/pve1/qemu", { vmid: "402", archive })).message;
    expect(await refused("local:iso/ubuntu-26.04-live-server-amd64.iso")).toMatch(/content type needs to be 'backup'/);
    expect(await refused("/etc/passwd")).toMatch(/^Only root can pass arbitrary filesystem paths\./);
    expect(await refused("shared-nfs:backup/vzdump-qemu-1-2026_01_01-00_00_00.vma")).toMatch(
      /^can't find archive file/,
    );
  });
});
