// Storages over the embedded cluster and over genuine answers: what is changed is read back elsewhere, what PVE hasn't is told.
import { describe, expect, test } from "bun:test";
import { textOf } from "../../src/server/text.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { storageTools } from "../../src/tools/storages.ts";
import { clusterAnswering } from "../toolkit/stand-in.ts";
import { definitions, usage } from "./recorded/storage.ts";
import { stores } from "./stores.ts";

const size = (bytes: number) =>
  bytes < 2 ** 30
    ? `${Number((bytes / 2 ** 20).toPrecision(3))} MiB`
    : `${Number((bytes / 2 ** 30).toPrecision(3))} GiB`;

const named = (rows: readonly unknown[], storage: string) =>
  rows.find((row) => (row as { storage?: unknown }).storage === storage);

/** Each type with what it needs, and where PVE's list shows that it is that. */
const types: readonly (readonly [type: string, needs: Record<string, string>])[] = [
  ["dir", { path: "/srv/x" }],
  ["btrfs", { path: "/srv/b" }],
  ["nfs", { server: "192.0.2.20", export: "/x" }],
  ["cifs", { server: "192.0.2.20", share: "x", username: "u", password: "secret-p" }],
  ["pbs", { server: "192.0.2.20", datastore: "ds2", username: "u@pbs", password: "secret-p" }],
  ["lvm", { vgname: "vg" }],
  ["lvmthin", { vgname: "vg", thinpool: "data" }],
  ["zfspool", { pool: "tank" }],
  ["zfs", { portal: "192.0.2.20", target: "iqn.x:y", pool: "tank", blocksize: "4k", iscsiprovider: "LIO" }],
  ["iscsi", { portal: "192.0.2.20", target: "iqn.x:y" }],
  ["iscsidirect", { portal: "192.0.2.20", target: "iqn.x:y" }],
  ["rbd", { pool: "rbd", monhost: "192.0.2.20" }],
  ["cephfs", { monhost: "192.0.2.20", fsname: "files" }],
  ["esxi", { server: "192.0.2.20", username: "root", password: "secret-p" }],
];

describe("a storage is created", () => {
  test.each(types)("of the type %s, and PVE's list has it with what it was given", async (type, needs) => {
    const { call, rows } = await stores();
    const created = await call("storage_config", { action: "create", storage: "made", type, ...needs });
    expect(created).toMatchObject({ outcome: "ok", record: { storage: "made", type } });
    const { password, fsname, ...shown } = needs;
    const expected = { ...shown, ...(fsname === undefined ? {} : { "fs-name": fsname }) };
    expect(named(await rows("/storage"), "made")).toMatchObject({ type, ...expected });
    if (password !== undefined) expect(JSON.stringify(created)).not.toContain(password);
  });

  test("not without what its type needs: all of it is named at once, and nothing is sent", async () => {
    const { call, sent } = await stores();
    const before = sent.length;
    const answer = await call("storage_config", { action: "create", storage: "made", type: "lvmthin" });
    expect(answer.reason).toEqual([
      "vgname is missing: type lvmthin needs it",
      "thinpool is missing: type lvmthin needs it",
    ]);
    expect(sent.length).toBe(before);
  });

  test.each([
    [
      { type: "glusterfs" },
      "type glusterfs is gone in PVE 9: mount the volume on the nodes and use type=dir with its path",
    ],
    [
      { type: "dir", path: "/x", maxfiles: 3 },
      "maxfiles: PVE has no such parameter here; use prune-backups, such as keep-last=3",
    ],
    [{ type: "floppy" }, /^type must be one of btrfs, cephfs, .*zfspool/],
  ])("with %j: what to use instead is told", async (given, reason) => {
    const { call } = await stores();
    const answer = await call("storage_config", { action: "create", storage: "made", ...given });
    expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
    expect(answer.reason?.[0]).toMatch(reason);
  });

  test("not where it would have what its type doesn't take: PVE's own words", async () => {
    const { call } = await stores();
    const given = { action: "create", storage: "made", type: "dir", path: "/x", vgname: "vg" };
    expect((await call("storage_config", given)).reason?.[0]).toBe("unexpected property 'vgname'");
  });
});

describe("a storage is changed", () => {
  test("and the answer tells old and new value of each key, PVE's list the new one", async () => {
    const { call, rows } = await stores();
    const given = {
      action: "update",
      storage: "shared-nfs",
      content: "iso",
      nodes: "pve1,pve2",
      delete: "prune-backups",
    };
    const { outcome, changes } = await call("storage_config", given);
    expect(outcome).toBe("ok");
    expect(changes).toEqual(
      expect.arrayContaining([
        { key: "content", old: "images,rootdir,iso,vztmpl,backup", new: "iso" },
        { key: "nodes", old: undefined, new: "pve1,pve2" },
        { key: "prune-backups", old: "keep-daily=7,keep-weekly=4", new: undefined },
      ]),
    );
    expect(changes).toHaveLength(3);
    expect(named(await rows("/nodes/pve1/storage"), "shared-nfs")).toMatchObject({ content: "iso" });
    expect(named(await rows("/nodes/pve3/storage"), "shared-nfs")).toBeUndefined();
  });

  test("its flags read as flags", async () => {
    const { call } = await stores();
    const answer = await call("storage_config", { action: "update", storage: "local", shared: true });
    expect(textOf(answer, 0)).toEndWith("shared: (not set) → 1");
  });

  test("with nothing given it is said to stand as it was, and what PVE never shows is told as taken", async () => {
    const { call } = await stores();
    const nothing = await call("storage_config", { action: "update", storage: "pbs" });
    expect(nothing.summary).toBe("Nothing was given to change: storage pbs stands as it was");
    const answer = await call("storage_config", { action: "update", storage: "pbs", password: "secret-p" });
    expect(answer.notes).toEqual(["PVE took password and never shows it, so it is not among the changes."]);
  });

  test.each(["path", "export", "share", "vgname", "thinpool", "portal", "target", "datastore", "type"])(
    "but not in its %s, which is fixed: told before anything is sent",
    async (name) => {
      const { call, sent } = await stores();
      const before = sent.length;
      const answer = await call("storage_config", { action: "update", storage: "local", [name]: "/x" });
      expect(answer.reason?.[0]).toStartWith(
        `${name}: PVE has no such parameter here; it is fixed when the storage is created`,
      );
      expect(sent.length).toBe(before);
    },
  );
});

test("a storage that is deleted is gone, and what it was is told; one that isn't there is an error", async () => {
  const { call, rows } = await stores();
  const gone = await call("storage_config", { action: "delete", storage: "pbs" });
  expect(gone.outcome).toBe("ok");
  expect(gone.changes).toContainEqual({ key: "datastore", old: "ds" });
  expect(named(await rows("/storage"), "pbs")).toBeUndefined();
  expect(await call("storage_config", { action: "delete", storage: "pbs" })).toMatchObject({
    outcome: "error",
    reason: ["storage 'pbs' does not exist", expect.any(String)],
  });
});

describe("what PVE answered is what is shown", () => {
  const told = async (action: string, body: unknown, given: Record<string, unknown> = {}) => {
    const { cluster } = clusterAnswering(() => body);
    const [tool] = storageTools;
    if (!tool) throw new Error("no tool");
    const answer = await callTool(tool, { action, ...given }, cluster);
    return { answer, text: textOf(answer, 0) };
  };

  test("definitions: a row a storage, every value as it stands there", async () => {
    const { answer, text } = await told("list", definitions);
    expect(answer.summary).toBe(`${definitions.length} storages`);
    for (const { storage, type, content, path } of definitions) {
      expect(text).toContain([storage, type, content, path].join(" | "));
    }
    expect(text).not.toMatch(/undefined|NaN|N\/A|shared.* B/);
  });

  test("usage in GiB and per cent, and a storage that can't be reached is told", async () => {
    const { answer, text } = await told("cluster_usage", usage, { node: "pve1" });
    for (const { storage, used, total, used_fraction: share } of usage) {
      if (total === 0) continue;
      const line = text.split("\n").find((one) => one.startsWith(`${storage} |`));
      expect(line).toContain(` ${size(used)} | ${size(total)} | `);
      expect(line).toContain(`${Number((Number(share) * 100).toPrecision(3))} %`);
    }
    expect(answer.notes).toEqual(["Not active on pve1 (it can't be reached there): lvm1"]);
  });
});
