import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

const place = "/nodes/pve1/storage/pbs/file-restore";
const base64 = (path: string) => Buffer.from(path).toString("base64");

/** A cluster with a backup server that holds a snapshot of a VM or a container. */
async function withSnapshot(vmid = "100") {
  const one = side();
  await one.ask("POST", "/storage", { storage: "pbs", type: "pbs", server: "192.0.2.20", datastore: "ds" });
  expect(await one.run("POST", "/nodes/pve1/vzdump", { vmid, storage: "pbs" })).toBe("OK");
  const [snapshot] = rows((await one.ask("GET", "/nodes/pve1/storage/pbs/content")).data);
  const volume = String(snapshot?.volid);
  const list = (path: string) =>
    one.ask("GET", `${place}/list`, { volume, filepath: path === "/" ? path : base64(path) });
  const download = (path: string, more: Record<string, string> = {}) =>
    one.ask("GET", `${place}/download`, { volume, filepath: base64(path), ...more });
  return { ...one, volume, list, download };
}

describe("the files of a snapshot", () => {
  test("are listed folder by folder, their paths in base64", async () => {
    const { list } = await withSnapshot();
    const archive = "/drive-scsi0.img.fidx";
    expect((await list("/")).data).toEqual([
      { filepath: base64(archive), leaf: 0, text: "drive-scsi0.img.fidx", type: "v" },
    ]);
    expect(rows((await list(`${archive}/part/1`)).data).map(({ text, type }) => [text, type])).toEqual([
      ["etc", "d"],
      ["usr", "d"],
      ["var", "d"],
    ]);
    const files = rows((await list(`${archive}/part/1/etc`)).data);
    expect(files.find(({ text }) => text === "hostname")).toMatchObject({ leaf: 1, type: "f", size: 7 });
    expect((await list("/none")).status).toBe(500);
  });

  test("come as they are, without an envelope; what isn't there as no byte", async () => {
    const { download } = await withSnapshot("103");
    expect((await download("/root.pxar.didx/etc/hostname")).text).toBe("proxy\n");
    expect((await download("/root.pxar.didx/etc")).text.slice(0, 2)).toBe("PK");
    expect(await download("/none")).toMatchObject({ status: 200, text: "" });
  });

  test("are a backup server's alone, and for those who may back the guest up", async () => {
    const one = await withSnapshot();
    await one.run("POST", "/nodes/pve1/vzdump", { vmid: "100", storage: "local" });
    const [local] = rows((await one.ask("GET", "/nodes/pve1/storage/local/content", { content: "backup" })).data);
    const ask = (volume: string) =>
      one.ask("GET", "/nodes/pve1/storage/local/file-restore/list", { volume, filepath: "/" });
    expect((await ask(String(local?.volid))).errors).toEqual({
      storage: "Only PBS storages supported for file-restore.",
    });
    expect((await ask("x")).message).toBe("unable to parse directory volume name 'backup/x'\n");
    const { powerless } = one.simulator.tokens;
    const refused = await one.ask("GET", `${place}/list`, { volume: one.volume, filepath: "/" }, powerless);
    expect([refused.status, refused.reason]).toEqual([403, "Permission check failed (/vms/100, VM.Backup)"]);
  });
});

describe("a storage", () => {
  test.each([
    ["nfs", { server: "192.0.2.20", export: "/x" }, { content: "images", path: "/mnt/pve/made" }],
    ["pbs", { server: "192.0.2.20", datastore: "d" }, { content: "backup", shared: 1 }],
    ["lvm", { vgname: "vg" }, { content: "images" }],
    ["cephfs", {}, { content: "backup", path: "/mnt/pve/made" }],
  ])("of the type %s has what PVE settles for it", async (type, needs, settled) => {
    const { ask } = side();
    expect((await ask("POST", "/storage", { storage: "made", type, ...needs })).status).toBe(200);
    expect(record((await ask("GET", "/storage/made")).data)).toMatchObject({ type, ...needs, ...settled });
  });

  test.each([
    ["lvmthin", { vgname: "vg" }, "missing value for required option 'thinpool'"],
    ["dir", { path: "/x", vgname: "vg" }, "unexpected property 'vgname'"],
  ])("of the type %s takes what it needs and nothing else", async (type, options, text) => {
    const { ask } = side();
    expect((await ask("POST", "/storage", { storage: "made", type, ...options })).message.trim()).toBe(text);
  });

  test("that isn't for a node is empty there and no error", async () => {
    const { ask } = side();
    await ask("POST", "/storage", { storage: "only2", type: "dir", path: "/x", nodes: "pve2" });
    const { status, data } = await ask("GET", "/nodes/pve1/storage/only2/status");
    expect([status, record(data)]).toEqual([200, expect.objectContaining({ active: 0, enabled: 0, total: 0 })]);
    expect((await ask("GET", "/nodes/pve1/storage/none/status")).errors).toEqual({ storage: "No such storage." });
  });
});
