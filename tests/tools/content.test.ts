// What is on storages: lists, files that are brought there, volumes that go, backups that are pruned.
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "../../src/server/text.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { contentTools } from "../../src/tools/content.ts";
import { clusterAnswering } from "../toolkit/stand-in.ts";
import { content, plan } from "./recorded/storage.ts";
import { noon, stores } from "./stores.ts";

const local = { node: "pve1", storage: "local" };
const onLocal = "/nodes/pve1/storage/local/content";

async function told(action: string, body: unknown, given: Record<string, unknown> = {}) {
  const { cluster, sent } = clusterAnswering(() => body);
  const [tool] = contentTools;
  if (!tool) throw new Error("no tool");
  const answer = await callTool(tool, { action, ...local, ...given }, cluster);
  return { answer, sent, text: textOf(answer, noon) };
}

describe("the list of what is on a storage", () => {
  test("has the newest first, with sizes, moments, owners, notes and protection as PVE said them", async () => {
    const { answer, text } = await told("list", content);
    expect(answer.summary).toBe(`${content.length} volumes on local of pve1`);
    const times = answer.rows?.map(({ ctime }) => Number(ctime)) ?? [];
    expect(times).toEqual([...content.map(({ ctime }) => ctime)].sort((a, b) => b - a));
    for (const { volid, ctime, vmid } of content) {
      const line = text.split("\n").find((one) => one.startsWith(`${volid} |`));
      expect(line).toContain(new Date(ctime * 1000).toISOString().replace(".000Z", "Z"));
      if (vmid !== undefined) expect(line).toContain(`| ${vmid} |`);
    }
    expect(text).not.toMatch(/undefined|NaN|N\/A|null/);
  });

  test("is narrowed by PVE itself, by content and guest", async () => {
    const { sent } = await told("list", [], { content: "backup", vmid: "260" });
    expect(sent.at(-1)?.parameters).toEqual([
      ["content", "backup"],
      ["vmid", "260"],
    ]);
  });

  test("shows what a verification found, and an empty list is 0 volumes", async () => {
    const volume = { volid: "pbs:backup/vm/1/x", ctime: 5, verification: { state: "failed", upid: "UPID:x" } };
    expect((await told("list", [volume])).answer.rows).toEqual([
      { volid: volume.volid, ctime: 5, verification: "failed" },
    ]);
    expect((await told("list", [])).answer.summary).toBe("0 volumes on local of pve1");
  });

  test("of templates holds container templates alone", async () => {
    const { call } = await stores();
    const { rows } = await call("storage_content", { action: "list_templates", ...local });
    expect(rows?.length).toBe(3);
    for (const { volid } of rows ?? []) expect(volid).toStartWith("local:vztmpl/");
  });

  test("of ten thousand volumes stays within the budget and says what was cut", async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({ volid: `local:iso/${n}.iso`, ctime: n, size: n }));
    const { answer, text } = await told("list", many);
    expect(text.length).toBeLessThan(32_000);
    expect(answer.notes?.[0]).toMatch(/^Cut: \d+ of 10000 rows/);
  });
});

describe("a file of the folder is uploaded", () => {
  const bytes = Buffer.from("an image of no system at all".repeat(50_000));
  const sum = createHash("sha256").update(bytes).digest("hex");

  test.each([
    ["a.iso", {}, "local:iso/a.iso"],
    ["b.tar.zst", {}, "local:vztmpl/b.tar.zst"],
    ["c.qcow2", {}, "local:import/c.qcow2"],
    ["d.img", { content: "iso", checksum: sum, "checksum-algorithm": "sha256" }, "local:iso/d.img"],
    ["sub/e f.iso", {}, "local:iso/e_f.iso"],
  ])("%s %j: as a stream, with progress, and PVE's list has it with its size", async (filename, more, volid) => {
    const { call, rows, path, progress, end } = await stores();
    mkdirSync(join(path, "sub"));
    writeFileSync(join(path, filename), bytes);
    const answer = await call("storage_content", { action: "upload", ...local, filename, ...more });
    expect(answer).toMatchObject({ outcome: "ok", record: { volid, size: bytes.length }, task: { exitstatus: "OK" } });
    expect(await rows(onLocal)).toContainEqual(expect.objectContaining({ volid, size: bytes.length }));
    expect(progress[0]).toMatch(/^sent \d+ of 1400000 bytes of /);
    end();
  });

  test("and fails in its task when it isn't what the checksum says", async () => {
    const { call, rows, path, end } = await stores();
    writeFileSync(join(path, "a.iso"), bytes);
    const wrong = { checksum: "0".repeat(64), "checksum-algorithm": "sha256" };
    const answer = await call("storage_content", { action: "upload", ...local, filename: "a.iso", ...wrong });
    expect(answer).toMatchObject({ outcome: "failed", reason: [expect.stringContaining("checksum mismatch")] });
    expect(JSON.stringify(await rows(onLocal))).not.toContain("a.iso");
    end();
  });

  test.each([
    [{ filename: "../secret.iso" }, "no path outside of it is taken"],
    [{ filename: "/etc/passwd", content: "iso" }, "no path outside of it is taken"],
    [{ filename: "link.iso" }, "no path outside of it is taken"],
    [{ filename: "none.iso" }, "there is none"],
    [{ filename: "a.iso", content: "backup" }, "PVE's API takes no backups"],
    [{ filename: "a.txt" }, "iso, vztmpl or import"],
  ])("but never %j: nothing reaches the wire", async (given, reason) => {
    const { call, sent, path, end } = await stores();
    symlinkSync("/etc/passwd", join(path, "link.iso"));
    const before = sent.length;
    const answer = await call("storage_content", { action: "upload", ...local, ...given });
    expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
    expect(answer.reason?.[0]).toContain(reason);
    expect(sent.length).toBe(before);
    end();
  });

  test("and without a folder the answer names the setting", async () => {
    const { call } = await stores({ folder: true });
    const answer = await call("storage_content", { action: "upload", ...local, filename: "a.iso" });
    expect(answer.reason?.[0]).toContain("set PROXMOX_UPLOAD_DIR");
  });
});

describe("a file is downloaded from a URL", () => {
  test.each([
    ["https://example.com/x/debian%2013.iso?token=1", {}, "local:iso/debian_13.iso"],
    ["https://example.com/get", { filename: "y.tar.xz" }, "local:vztmpl/y.tar.xz"],
    ["http://example.com/z.ova", { "verify-certificates": false }, "local:import/z.ova"],
  ])("%s %j: under the URL's own name unless one is given", async (url, more, volid) => {
    const { call, rows } = await stores();
    const answer = await call("storage_content", { action: "download_url", ...local, url, ...more });
    expect(answer).toMatchObject({ outcome: "ok", record: { volid } });
    expect(await rows(onLocal)).toContainEqual(expect.objectContaining({ volid }));
  });

  test.each([
    [{ url: "https://example.com/get" }, "filename is missing"],
    [{ url: "https://example.com/a.iso", content: "backup" }, "PVE's API takes no backups"],
    [{ url: "file:///etc/passwd" }, "url must be"],
  ])("but not %j", async (given, reason) => {
    const { call } = await stores();
    expect((await call("storage_content", { action: "download_url", ...local, ...given })).reason?.[0]).toContain(
      reason,
    );
  });

  test("and one that is there already fails in its task", async () => {
    const { call } = await stores();
    const again = { action: "download_url", ...local, url: "https://example.com/a.iso" };
    await call("storage_content", again);
    expect(await call("storage_content", again)).toMatchObject({
      outcome: "failed",
      reason: [expect.stringContaining("refusing to override existing file")],
    });
  });
});

describe("a volume is deleted", () => {
  const volume = "local:iso/debian-13.1.0-amd64-netinst.iso";

  test.each([
    ["by its id", { ...local, volume }],
    ["by its name on the storage", { ...local, volume: "iso/debian-13.1.0-amd64-netinst.iso" }],
    ["by its id alone", { node: "pve1", volume }],
  ])("%s, and is gone from PVE's list", async (_, given) => {
    const { call, rows } = await stores();
    expect(await call("storage_content", { action: "delete", ...given })).toMatchObject({ outcome: "ok" });
    expect(JSON.stringify(await rows(onLocal))).not.toContain(volume);
  });

  test("that isn't there is an error, though PVE's task would end OK", async () => {
    const { call, sent } = await stores();
    const answer = await call("storage_content", { action: "delete", ...local, volume: "local:iso/none.iso" });
    expect(answer.reason).toEqual(["volume local:iso/none.iso does not exist on storage local of pve1"]);
    expect(sent.filter((one) => one.startsWith("DELETE"))).toEqual([]);
  });

  test("that is protected stays: the task's reason is told", async () => {
    const { call, ask, backup, rows } = await stores();
    const archive = await backup(100, "local");
    await ask("PUT", `${onLocal}/${archive}`, { protected: "1" });
    const answer = await call("backup", { action: "delete", node: "pve1", volume: archive });
    expect(answer).toMatchObject({
      outcome: "failed",
      reason: [expect.stringContaining("cannot remove protected volume")],
    });
    expect(JSON.stringify(await rows(onLocal))).toContain(archive);
  });
});

describe("backups are pruned", () => {
  const prune = { action: "prune", ...local };

  test("a dry run shows PVE's plan and changes nothing", async () => {
    const { call, rows, backup, sent } = await stores();
    const [old, newest] = [await backup(100, "local"), await backup(100, "local")];
    const answer = await call("storage_content", { ...prune, "keep-last": 1, "dry-run": true });
    expect(answer.summary).toBe("1 of 2 backups on local would be removed, keeping keep-last=1; nothing was changed");
    expect(answer.rows?.map(({ mark, volid }) => [mark, volid])).toEqual([
      ["remove", old],
      ["keep", newest],
    ]);
    expect(sent.filter((one) => one.startsWith("DELETE"))).toEqual([]);
    expect(await rows(onLocal, { content: "backup" })).toHaveLength(2);
  });

  test("what goes is told backup by backup, and is gone from PVE's list", async () => {
    const { call, rows, backup } = await stores();
    const [old, newest, other] = [await backup(100, "local"), await backup(100, "local"), await backup(103, "local")];
    const answer = await call("storage_content", { ...prune, "keep-last": 1, type: "vm", vmid: 100 });
    expect(answer.summary).toBe("1 of 2 backups on local were removed, keeping keep-last=1");
    expect(answer.rows?.[0]).toMatchObject({ mark: "removed", volid: old });
    const left = (await rows(onLocal, { content: "backup" })).map(({ volid }) => volid);
    expect(left.sort()).toEqual([String(newest), String(other)].sort());
  });

  test("keep-* become PVE's one parameter", async () => {
    const { sent } = await told("prune", [], {
      "keep-last": 3,
      "keep-weekly": "4",
      "keep-yearly": 0,
      "dry-run": "true",
    });
    expect(sent.at(-1)?.parameters).toContainEqual(["prune-backups", "keep-last=3,keep-weekly=4,keep-yearly=0"]);
  });

  test("never by the storage's own retention unsaid: it is asked what to keep", async () => {
    const { call, backup, sent } = await stores();
    await backup(100, "shared-nfs");
    const answer = await call("storage_content", { action: "prune", node: "pve1", storage: "shared-nfs" });
    expect(answer.reason?.[0]).toContain("what to keep is missing");
    expect(answer.reason?.[0]).toContain("would keep keep-daily=7,keep-weekly=4");
    expect(sent.filter((one) => one.startsWith("DELETE"))).toEqual([]);
  });

  test("but a dry run may, and says by which", async () => {
    const { call } = await stores();
    const answer = await call("storage_content", { ...prune, storage: "shared-nfs", "dry-run": true });
    expect(answer.summary).toContain("keeping keep-daily=7,keep-weekly=4; nothing was changed");
  });

  test("both forms of a retention at once are refused", async () => {
    const { call } = await stores();
    const answer = await call("storage_content", { ...prune, "keep-last": 1, "prune-backups": "keep-last=2" });
    expect(answer.reason?.[0]).toContain("mean the same: give one of them");
  });

  test("a genuine plan is shown as it is", async () => {
    const { answer } = await told("prune", plan, { "keep-last": 1, "dry-run": true });
    expect(answer.summary).toStartWith(`0 of ${plan.length} backups`);
    expect(answer.rows?.map(({ volid }) => String(volid)).sort()).toEqual(plan.map(({ volid }) => volid).sort());
  });
});
