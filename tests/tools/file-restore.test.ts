// Files out of backups: listed by their paths, shown where they are text, saved where they are asked to be.
import { describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callTool } from "../../src/toolkit/call.ts";
import { fileRestoreTools } from "../../src/tools/file-restore.ts";
import { clusterAnswering } from "../toolkit/stand-in.ts";
import { stores } from "./stores.ts";

const etc = "/drive-scsi0.img.fidx/part/1/etc";

async function restoring(vmid = 100) {
  const side = await stores();
  const volume = await side.backup(vmid, "pbs");
  const call = (action: string, given: Record<string, unknown>) =>
    side.call("file_restore", { action, node: "pve1", storage: "pbs", volume, ...given });
  return { ...side, volume, call };
}

const base64 = (path: string) => Buffer.from(path).toString("base64");

/** What goes on the wire for a path. */
async function sentFor(given: Record<string, unknown>): Promise<string | undefined> {
  const { cluster, sent } = clusterAnswering(() => []);
  const [tool] = fileRestoreTools;
  if (!tool) throw new Error("no tool");
  await callTool(
    tool,
    { action: "list", node: "pve1", storage: "pbs", volume: "pbs:backup/vm/100/x", ...given },
    cluster,
  );
  return sent.at(-1)?.parameters.find(([name]) => name === "filepath")?.[1];
}

describe("a backup's files are listed", () => {
  test.each([
    [{}, "/"],
    [{ path: "/" }, "/"],
    [{ path: "/etc/hosts" }, base64("/etc/hosts")],
    [{ path: "etc/hosts" }, base64("/etc/hosts")],
    [{ filepath: "/größe" }, base64("/größe")],
    [{ filepath: base64("/etc") }, base64("/etc")],
  ])("%j goes to PVE as %s: base64, all but the root", async (given, wire) => {
    expect(await sentFor(given)).toBe(wire);
  });

  test("from the root to the files, each by a path that is taken back", async () => {
    const { call } = await restoring();
    expect((await call("list", {})).rows).toEqual([{ path: "/drive-scsi0.img.fidx", type: "archive" }]);
    const folder = await call("list", { path: etc });
    expect(folder.rows?.map(({ path, type }) => [path, type])).toEqual(
      ["fstab", "hostname", "hosts"].map((name) => [`${etc}/${name}`, "file"]),
    );
    const [first] = folder.rows ?? [];
    expect((await call("download", { path: first?.path })).outcome).toBe("ok");
  });

  test("a name that is no text keeps PVE's form, which is taken back", async () => {
    const odd = Buffer.from([0x2f, 0xff, 0xfe]).toString("base64");
    const { cluster } = clusterAnswering(() => [{ filepath: odd, type: "f", text: "?" }]);
    const [tool] = fileRestoreTools;
    if (!tool) throw new Error("no tool");
    const given = { action: "list", node: "pve1", storage: "pbs", volume: "pbs:backup/vm/100/x" };
    expect((await callTool(tool, given, cluster)).rows).toEqual([{ path: odd, type: "file" }]);
  });

  test("of a storage that is no backup server PVE's refusal is told", async () => {
    const { call, backup } = await stores();
    const volume = await backup(100, "local");
    const answer = await call("file_restore", { action: "list", node: "pve1", storage: "local", volume });
    expect(answer.reason?.[0]).toContain("Only PBS storages supported for file-restore.");
  });
});

describe("a backup's file is fetched", () => {
  test("as text into the answer, byte streams unparsed", async () => {
    const { call } = await restoring();
    const answer = await call("download", { filepath: `${etc}/hosts` });
    expect(answer.lines).toEqual(["127.0.0.1 localhost", "127.0.1.1 web-01", ""]);
  });

  test.each(["/root.pxar.didx/etc/hostname", "/etc/hostname", "etc/hostname"])(
    "of a container by its path there, with or without the archive before it: %s",
    async (filepath) => {
      const { call } = await restoring(103);
      const answer = await call("download", { filepath });
      expect(answer.lines).toEqual(["proxy", ""]);
      expect(answer.summary).toStartWith("/root.pxar.didx/etc/hostname of pbs:backup/ct/103/");
    },
  );

  test("a long one is cut, and how to have it whole is told", async () => {
    const { call } = await restoring();
    const answer = await call("download", { path: etc.replace("etc", "var/log/syslog") });
    expect(answer.lines?.join("\n").length).toBeLessThan(16_400);
    expect(answer.notes).toContain(
      "Cut after 16384 bytes. Give `to`, a name for it in PROXMOX_UPLOAD_DIR, to have it whole.",
    );
  });

  test("one that is no text is said to be none", async () => {
    const { call } = await restoring();
    const answer = await call("download", { path: etc.replace("etc", "usr/bin/true") });
    expect(answer.lines).toBeUndefined();
    expect(answer.summary).toContain("is no text (14 bytes");
  });

  test("an answer without a byte is not taken for the file", async () => {
    const { call } = await restoring();
    const answer = await call("download", { path: "/none" });
    expect(answer.summary).toBe("PVE sent nothing for /none");
    expect(answer.notes?.[0]).toContain("no such file");
  });

  test("into the folder, whole", async () => {
    const { call, path, end } = await restoring();
    const answer = await call("download", { path: `${etc}/hosts`, to: "hosts" });
    expect(answer).toMatchObject({ outcome: "ok", record: { saved: "hosts", bytes: 37 } });
    expect(readFileSync(join(path, "hosts"), "utf8")).toBe("127.0.0.1 localhost\n127.0.1.1 web-01\n");
    end();
  });

  test("a folder comes as a zip, or as a tar in zstd", async () => {
    const { call, path, end } = await restoring();
    expect(await call("download", { path: etc, to: "etc.zip" })).toMatchObject({ outcome: "ok" });
    const program = "import zipfile,sys; print(zipfile.ZipFile(sys.argv[1]).read('etc/hosts').decode())";
    const hosts = execFileSync("python3", ["-c", program, join(path, "etc.zip")], { encoding: "utf8" });
    expect(hosts).toContain("127.0.1.1 web-01");
    expect(await call("download", { path: etc, to: "etc.tar.zst", tar: true })).toMatchObject({ outcome: "ok" });
    writeFileSync(join(path, "etc.tar"), Bun.zstdDecompressSync(readFileSync(join(path, "etc.tar.zst"))));
    execFileSync("tar", ["-xf", join(path, "etc.tar"), "-C", path]);
    expect(readFileSync(join(path, "etc", "hosts"), "utf8")).toContain("127.0.1.1 web-01");
    end();
  });

  test.each(["../out", "/tmp/out", "taken"])("never outside of the folder, never over a file: %s", async (to) => {
    const { call, path, sent, end } = await restoring();
    writeFileSync(join(path, "taken"), "mine");
    const before = sent.length;
    expect((await call("download", { path: `${etc}/hosts`, to })).kind).toBe("arguments");
    expect(sent.length).toBe(before);
    expect(readFileSync(join(path, "taken"), "utf8")).toBe("mine");
    expect(existsSync(join(path, "..", "out"))).toBeFalse();
    end();
  });
});
