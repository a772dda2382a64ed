// Backups: made, listed with their jobs, restored under new numbers or over a guest only when that is asked for, deleted.
import { describe, expect, test } from "bun:test";
import { textOf } from "../../src/server/text.ts";
import { callTool } from "../../src/toolkit/call.ts";
import type { Policy } from "../../src/toolkit/gate.ts";
import { backupTools } from "../../src/tools/backups.ts";
import { clusterAnswering } from "../toolkit/stand-in.ts";
import { backups, configInside } from "./recorded/storage.ts";
import { noon, stores } from "./stores.ts";

const [tool] = backupTools;
const guests = [{ type: "qemu", vmid: 260, name: "db", node: "pve1", status: "running" }];
const everything: Policy = { elevated: true, readOnly: false, deny: [] };

/** The answer over a PVE that says `bodies` (end of a path → data), and what was sent. */
async function told(given: Record<string, unknown>, bodies: Record<string, unknown>, policy = everything) {
  const { cluster, sent } = clusterAnswering(({ method, path }) => {
    const found = Object.entries({ "/cluster/resources": guests, "/nodes": [{ node: "pve1" }], ...bodies }).find(
      ([end]) => `${method} ${path}`.endsWith(end),
    );
    return found?.[1];
  }, policy);
  if (!tool) throw new Error("no tool");
  const answer = await callTool(tool, given, cluster);
  return { answer, sent, text: textOf(answer, noon) };
}

describe("a backup is made", () => {
  test.each([
    [{ vmid: 100, type: "vm", node: "pve1", storage: "shared-nfs", mode: "stop", compress: "zstd" }, "shared-nfs", 100],
    [{ vmid: "web-01" }, "local", 100],
    [{ vmid: 103, type: "lxc", storage: "pbs", compress: "none" }, "pbs", 103],
    [{ vmid: "gitlab", storage: "shared-nfs", "notes-template": "{{guestname}}", protected: true }, "shared-nfs", 110],
  ])("%j: where the guest is, and PVE's list has what the answer shows", async (given, storage, vmid) => {
    const { call, rows } = await stores();
    const answer = await call("backup", { action: "create", ...given });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid } });
    const node = vmid === 110 ? "pve2" : "pve1";
    const [row] = await rows(`/nodes/${node}/storage/${storage}/content`, { content: "backup", vmid: String(vmid) });
    expect(row).toMatchObject({ ...answer.record });
    if ("protected" in given) expect(row).toMatchObject({ notes: "gitlab", protected: 1 });
  });

  test("compress none is PVE's 0", async () => {
    const { sent } = await told({ action: "create", vmid: 260, storage: "local", compress: "none" }, {});
    expect(sent.find(({ method }) => method === "POST")?.parameters).toContainEqual(["compress", "0"]);
  });

  test("where several storages could hold it and none is the usual, the candidates are named", async () => {
    const { answer } = await told(
      { action: "create", vmid: 260 },
      { "/storage": [{ storage: "b" }, { storage: "a" }] },
    );
    expect(answer.reason).toEqual(["storage is missing: one of a, b"]);
  });

  test("PVE's OK without a task is no backup", async () => {
    const { answer } = await told({ action: "create", vmid: 260, storage: "local" }, { "/vzdump": "OK" });
    expect(answer.outcome).toBe("error");
    expect(answer.reason?.[0]).toContain("PVE answered OK and started nothing");
  });
});

describe("backups are listed", () => {
  test("of all storages of the node that hold backups, the newest first, with their notes", async () => {
    const { call, backup, ask } = await stores();
    const made = [await backup(100, "local"), await backup(103, "shared-nfs"), await backup(100, "pbs")];
    await ask("PUT", `/nodes/pve1/storage/local/content/${made[0]}`, { notes: "before the upgrade" });
    const answer = await call("backup", { action: "list", node: "pve1" });
    expect(answer.summary).toBe("3 backups on local, pbs, shared-nfs of pve1");
    expect(answer.rows?.map(({ volid }) => String(volid))).toEqual(made.toReversed());
    expect(answer.rows?.at(-1)).toMatchObject({ notes: "before the upgrade" });
  });

  test.each([
    [{ storage: "local" }, 2],
    [{ vmid: 100 }, 2],
    [{ vmid: "web-01", storage: "pbs" }, 1],
    [{ vmid: 9999 }, 0],
  ])("narrowed by %j", async (given, count) => {
    const { call, backup } = await stores();
    for (const [vmid, storage] of [
      [100, "local"],
      [103, "local"],
      [100, "pbs"],
    ] as const)
      await backup(vmid, storage);
    expect((await call("backup", { action: "list", node: "pve1", ...given })).rows).toHaveLength(count);
  });

  test("with the jobs that make them", async () => {
    const { call, ask } = await stores();
    await ask("POST", "/cluster/backup", { id: "nightly", schedule: "21:00", storage: "local", all: "1" });
    const { notes } = await call("backup", { action: "list", node: "pve1" });
    expect(notes).toEqual([
      expect.stringMatching(/^Job nightly: guests all to local, 21:00, next at 2026-11-24T21:00:00Z\.$/),
    ]);
  });

  test("without elevated permissions too: it only reads", async () => {
    const policy = { elevated: false, readOnly: true, deny: [] };
    const { answer } = await told({ action: "list", node: "pve1", storage: "local" }, { "/content": [] }, policy);
    expect(answer.outcome).toBe("ok");
  });

  test("a genuine list is shown as it is", async () => {
    const { answer, text } = await told(
      { action: "list", node: "pve1", storage: "local", vmid: 260 },
      { "/content": backups },
    );
    expect(answer.summary).toBe(`${backups.length} backups of guest 260 on local of pve1`);
    for (const { volid, size, ctime } of backups) {
      const line = text.split("\n").find((one) => one.startsWith(`${volid} |`));
      expect(line).toContain(`${Number((size / 1024).toPrecision(3))} KiB`);
      expect(line).toContain(new Date(ctime * 1000).toISOString().replace(".000Z", "Z"));
    }
    expect(text).toContain("life on pve1");
  });
});

describe("a backup is restored", () => {
  test.each([
    [100, "local", { type: "vm" }],
    [100, "shared-nfs", { storage: "local-lvm", unique: true }],
    [100, "pbs", { start: true }],
    [103, "local", { type: "lxc" }],
    [103, "pbs", { storage: "shared-nfs" }],
  ])("of guest %i on %s with %j: under a new number, of the archive's own kind", async (vmid, storage, more) => {
    const { call, ask, backup } = await stores();
    const archive = await backup(vmid, storage);
    const answer = await call("backup", { action: "restore", node: "pve1", archive, vmid: 500, ...more });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: 500, type: vmid === 103 ? "lxc" : "vm" } });
    const kind = vmid === 103 ? "lxc" : "qemu";
    const config = (await ask("GET", `/nodes/pve1/${kind}/500/config`)) as Record<string, unknown>;
    const before = (await ask("GET", `/nodes/pve1/${kind}/${vmid}/config`)) as Record<string, unknown>;
    expect([config.name ?? config.hostname, config.memory]).toEqual([before.name ?? before.hostname, before.memory]);
    if ("storage" in more) expect(String(config.scsi0 ?? config.rootfs)).toStartWith(`${more.storage}:`);
    if ("unique" in more) expect(config.net0).not.toBe(before.net0);
    const status = (await ask("GET", `/nodes/pve1/${kind}/500/status/current`)) as Record<string, unknown>;
    expect(status.status).toBe("start" in more ? "running" : "stopped");
  });

  test("by its file name alone, and under the next free number", async () => {
    const { call, ask, backup } = await stores();
    const archive = await backup(100, "local");
    const next = Number(await ask("GET", "/cluster/nextid"));
    const answer = await call("backup", {
      action: "restore",
      node: "pve1",
      archive: archive.replace("local:backup/", ""),
    });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: next } });
  });

  test("a container goes where it was, unless a storage is named", async () => {
    const storages = [{ storage: "local" }, { storage: "tank" }];
    const inside = configInside.replace("scsi0: local:", "rootfs: tank:");
    const archive = "local:backup/vzdump-lxc-200-2026_11_24-14_28_48.tar.zst";
    const bodies = { "/storage": storages, "/extractconfig": inside };
    const { sent } = await told({ action: "restore", node: "pve1", vmid: 500, archive }, bodies);
    const { path, parameters } = sent.find(({ method }) => method === "POST") ?? { path: "", parameters: [] };
    expect(path).toBe("/nodes/pve1/lxc");
    expect(Object.fromEntries(parameters)).toEqual({ vmid: "500", ostemplate: archive, restore: "1", storage: "tank" });
  });

  test.each([
    [{ archive: "local:backup/vzdump-lxc-200-x.tar.zst", type: "vm" }, "is the backup of a container, not of a VM"],
    [{ archive: "local:backup/mine.vma" }, "type is missing"],
    [{ archive: "/etc/passwd" }, "archive must be a backup on a storage"],
    [{ archive: "vzdump-qemu-1-x.vma" }, "is on none of pve1's storages for backups"],
    [{ archive: "local:backup/vzdump-qemu-1-x.vma", vmid: 100 }, "action=restore_over replaces that guest"],
    [{ archive: "local:backup/vzdump-qemu-1-x.vma", vmid: 500, force: true }, "action=restore_over replaces a guest"],
  ])("but not %j: told before anything is changed", async (given, reason) => {
    const { call, sent } = await stores();
    const before = sent.filter((one) => !one.startsWith("GET")).length;
    const answer = await call("backup", { action: "restore", node: "pve1", ...given });
    expect(answer.reason?.[0]).toContain(reason);
    expect(sent.filter((one) => !one.startsWith("GET"))).toHaveLength(before);
  });

  test("over a guest only by the action that says so, and then it is what the backup holds", async () => {
    const { call, ask, backup } = await stores();
    const archive = await backup(100, "local");
    await ask("PUT", "/nodes/pve1/qemu/100/config", { name: "changed-since" });
    await ask("POST", "/nodes/pve1/qemu/100/status/stop");
    const answer = await call("backup", { action: "restore_over", vmid: "changed-since", archive });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: 100, name: "web-01" } });
    expect(await ask("GET", "/nodes/pve1/qemu/100/config")).toMatchObject({ name: "web-01" });
  });

  test.each([
    [{ vmid: 120, archive: "local:backup/vzdump-qemu-100-x.vma" }, "is the backup of a VM, not of a container"],
    [{ vmid: 999, archive: "local:backup/vzdump-qemu-100-x.vma" }, "There is no guest 999"],
  ])("not over what it can't replace: %j", async (given, reason) => {
    const { call } = await stores();
    expect((await call("backup", { action: "restore_over", ...given })).reason?.[0]).toContain(reason);
  });

  test("PROXMOX_DENY=destroy keeps guests from being replaced, and lets new ones be restored", async () => {
    const policy: Policy = { ...everything, deny: ["destroy"] };
    const archive = "local:backup/vzdump-qemu-260-x.vma";
    const over = await told({ action: "restore_over", vmid: 260, archive }, {}, policy);
    expect([over.answer.outcome, over.sent]).toEqual(["denied", []]);
    const { sent } = await told({ action: "restore", node: "pve1", vmid: 500, archive }, {}, policy);
    expect(sent.find(({ method }) => method === "POST")?.parameters).not.toContainEqual(["force", "1"]);
  });
});

describe("a backup is deleted", () => {
  test("and is gone from PVE's list", async () => {
    const { call, backup, rows } = await stores();
    const archive = await backup(100, "local");
    const given = { action: "delete", node: "pve1", storage: "local", volume: archive };
    expect(await call("backup", given)).toMatchObject({ outcome: "ok" });
    expect(await rows("/nodes/pve1/storage/local/content", { content: "backup" })).toEqual([]);
    expect((await call("backup", given)).reason?.[0]).toContain("does not exist on storage local of pve1");
  });

  test("what is no backup isn't", async () => {
    const { call, rows } = await stores();
    const volume = "local:iso/debian-13.1.0-amd64-netinst.iso";
    expect((await call("backup", { action: "delete", node: "pve1", volume })).reason?.[0]).toContain("is no backup");
    expect(JSON.stringify(await rows("/nodes/pve1/storage/local/content"))).toContain(volume);
  });
});
