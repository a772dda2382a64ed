// What an operator has to be able to rely on about files and backups: nothing goes that nobody asked to delete.
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stores } from "./stores.ts";

const local = { node: "pve1", storage: "local" };
const onLocal = "/nodes/pve1/storage/local/content";

describe("an upload", () => {
  test("writes over no file that is there", async () => {
    const { call, rows, sent, path, end } = await stores();
    writeFileSync(join(path, "a b.iso"), "one");
    expect((await call("storage_content", { action: "upload", ...local, filename: "a b.iso" })).outcome).toBe("ok");
    writeFileSync(join(path, "a b.iso"), "another one");
    const answer = await call("storage_content", { action: "upload", ...local, filename: "a b.iso" });
    expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
    expect(answer.reason?.[0]).toContain("local:iso/a_b.iso is there already");
    expect(sent.filter((one) => one.startsWith("POST") && one.endsWith("/upload"))).toHaveLength(1);
    expect((await rows(onLocal)).find(({ volid }) => volid === "local:iso/a_b.iso")?.size).toBe(3);
    end();
  });
});

describe("a backup", () => {
  test("removes no other by a retention of the call", async () => {
    const { call, sent } = await stores();
    const given = { action: "create", vmid: 100, storage: "local", "prune-backups": "keep-last=1" };
    const answer = await call("backup", given);
    expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
    expect(answer.reason?.join(" ")).toContain("proxmox_storage_content action=prune");
    expect(sent.filter((one) => one.includes("vzdump"))).toEqual([]);
  });
});

describe("pruned backups", () => {
  test("are told as pruned where what is left can't be read any more", async () => {
    const { call, rows, backup, simulator } = await stores();
    await backup(100, "local");
    await backup(100, "local");
    simulator.faults.push({ kind: "401", method: "GET", path: "/nodes/pve1/storage/local/prunebackups", nth: 2 });
    const answer = await call("storage_content", { action: "prune", ...local, "keep-last": 1 });
    expect(answer).toMatchObject({ outcome: "ok", summary: "Backups on local were pruned" });
    expect(answer.notes?.join(" ")).toContain("What was removed could not be read");
    expect(await rows(onLocal, { content: "backup" })).toHaveLength(1);
  });
});

describe("a backup server's storage", () => {
  test("with a key that PVE makes says where the key is, and shows neither key nor password", async () => {
    const { call } = await stores();
    const given = { storage: "pbs2", type: "pbs", server: "192.0.2.20", datastore: "ds", username: "a@pbs" };
    const answer = await call("storage_config", {
      action: "create",
      ...given,
      password: "not-to-be-seen",
      "encryption-key": "autogen",
    });
    expect(answer.notes?.join(" ")).toContain("/etc/pve/priv/storage/pbs2.enc on the nodes: keep a copy elsewhere");
    expect(JSON.stringify(answer)).not.toContain("not-to-be-seen");
    const keyed = await call("storage_config", { action: "update", storage: "pbs", "encryption-key": "autogen" });
    expect(keyed.notes?.join(" ")).toContain("/etc/pve/priv/storage/pbs.enc");
  });
});
