// Backup jobs with their schedules and next runs, replication jobs: made, changed, marked, deleted.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { backupJobs, replications } from "./recorded/cluster.ts";

const weekend = { action: "create", vmid: "web-01,102", starttime: "03:30", dow: "sat,sun", storage: "shared-nfs" };

describe("a backup job", () => {
  test("is made from the seed's time and days; its new id, its schedule and its next run are told", async () => {
    const { call, record } = demo({ timed: true });
    const { record: made, summary } = await call("cluster_backup_job", weekend);
    expect(summary).toBe(`Backup job ${made?.id} was created`);
    // noon of a Tuesday
    expect(made).toMatchObject({
      schedule: "sat,sun 03:30",
      vmid: "100,102",
      "next-run": Date.UTC(2026, 10, 28, 3, 30) / 1000,
    });
    expect(await record(`/cluster/backup/${made?.id}`)).toMatchObject({ storage: "shared-nfs", vmid: "100,102" });
  });

  test("takes PVE's calendar events as well", async () => {
    const { call, record } = demo();
    const given = { action: "create", id: "nightly", all: true, exclude: "web-01", schedule: "mon..fri 22:00" };
    await call("cluster_backup_job", { ...given, "prune-backups": "keep-last=3" });
    expect(await record("/cluster/backup/nightly")).toMatchObject({
      all: 1,
      exclude: "100",
      schedule: "mon..fri 22:00",
      "prune-backups": { "keep-last": "3" },
    });
  });

  test.each([
    [{ vmid: undefined }, "vmid is missing"],
    [{ starttime: undefined, dow: undefined }, "schedule is missing"],
    [{ schedule: "daily" }, "schedule and starttime mean the same"],
    [{ maxfiles: 3 }, "use prune-backups"],
    [{ schedule: "nonsense!", starttime: undefined, dow: undefined }, "schedule must be a calendar event"],
  ])("with %j is refused before anything is sent", async (more, words) => {
    const { call, changes } = demo();
    const { reason } = await call("cluster_backup_job", { ...weekend, ...more });
    expect(reason?.[0]).toContain(words);
    expect(changes).toEqual([]);
  });

  test("is changed key by key, and what it replaced is told", async () => {
    const { call, record } = demo();
    await call("cluster_backup_job", { ...weekend, id: "weekly", comment: "old" });
    const change = { action: "update", id: "weekly", starttime: "04:00", enabled: false, delete: "comment" };
    const { changes } = await call("cluster_backup_job", change);
    expect(changes).toContainEqual({ key: "schedule", old: "sat,sun 03:30", new: "04:00" });
    expect(changes).toContainEqual({ key: "comment", old: "old", new: undefined });
    expect(await record("/cluster/backup/weekly")).toMatchObject({ enabled: 0, schedule: "04:00", vmid: "100,102" });
  });

  test("has no digest in PVE, and the answer says so", async () => {
    const { call, changes } = demo();
    const answer = await call("cluster_backup_job", {
      action: "update",
      id: "weekly",
      comment: "x",
      digest: "0".repeat(40),
    });
    expect(answer.reason?.[0]).toContain("leave it out");
    expect(changes).toEqual([]);
  });

  test("is deleted when it is there", async () => {
    const { call, ask } = demo();
    await call("cluster_backup_job", { ...weekend, id: "weekly" });
    const { changes } = await call("cluster_backup_job", { action: "delete", id: "weekly" });
    expect(changes).toContainEqual({ key: "vmid", old: "100,102" });
    expect(await ask("GET", "/cluster/backup")).toEqual([]);
    expect((await call("cluster_backup_job", { action: "delete", id: "weekly" })).reason?.join()).toContain(
      "No such job 'weekly'",
    );
  });

  test("of a genuine cluster reads as it is", async () => {
    const { answer, text } = await told("cluster_backup_job", { action: "list" }, { "/cluster/backup": backupJobs });
    const [job] = backupJobs;
    expect(answer.rows?.[0]).toMatchObject({ id: job?.id, schedule: job?.schedule, "next-run": job?.["next-run"] });
    expect(text).toContain(new Date((job?.["next-run"] ?? 0) * 1000).toISOString().replace(".000Z", "Z"));
    expect(text).toContain("keep-last 3");
  });
});

describe("a replication job", () => {
  /** A VM on a storage that can replicate. */
  async function replicable() {
    const one = demo();
    await one.ask("POST", "/storage", {
      storage: "zp",
      type: "zfspool",
      pool: "rpool/data",
      content: "images,rootdir",
    });
    await one.ask("POST", "/nodes/pve1/qemu", { vmid: "150", name: "replica", scsi0: "zp:4" });
    return one;
  }

  test("is made of a guest's name under the next free number, of the only type that there is", async () => {
    const { call, record } = await replicable();
    const given = { action: "create", id: "replica", schedule: "*/30", rate: 10 };
    const answer = await call("cluster_replication_job", { ...given, target: "pve2" });
    expect(answer).toMatchObject({ outcome: "ok", summary: "Replication job 150-0 was created" });
    expect(await record("/cluster/replication/150-0")).toMatchObject({ type: "local", target: "pve2", rate: 10 });
    const second = await call("cluster_replication_job", { ...given, target: "pve3" });
    expect(second.record).toMatchObject({ id: "150-1", target: "pve3" });
  });

  test("is changed with old and new, and never to another target", async () => {
    const { call, record, changes } = await replicable();
    await call("cluster_replication_job", { action: "create", id: "150-0", target: "pve2", comment: "old" });
    const change = { action: "update", id: "150-0", schedule: "*/20", disable: true, delete: "comment" };
    const answer = await call("cluster_replication_job", change);
    expect(answer.changes).toContainEqual({ key: "schedule", old: undefined, new: "*/20" });
    expect(answer.changes).toContainEqual({ key: "comment", old: "old", new: undefined });
    expect(await record("/cluster/replication/150-0")).toMatchObject({ disable: 1, schedule: "*/20" });
    const sent = changes.length;
    const refused = await call("cluster_replication_job", { action: "update", id: "150-0", target: "pve3" });
    expect(refused.reason?.[0]).toContain("create one to the other target");
    expect(changes).toHaveLength(sent);
  });

  test("that is deleted is told as marked until its next run, and as deleted with force", async () => {
    const { call, record, ask } = await replicable();
    await call("cluster_replication_job", { action: "create", id: "150-0", target: "pve2" });
    const marked = await call("cluster_replication_job", { action: "delete", id: "150-0", keep: true });
    expect(marked.summary).toContain("is marked: it goes with its next run, the copies on the target stay");
    expect(await record("/cluster/replication/150-0")).toMatchObject({ remove_job: "local" });
    const forced = await call("cluster_replication_job", { action: "delete", id: "150-0", force: true });
    expect(forced.summary).toBe("Replication job 150-0 was deleted");
    expect(await ask("GET", "/cluster/replication")).toEqual([]);
    expect((await call("cluster_replication_job", { action: "delete", id: "150-0" })).outcome).toBe("error");
  });

  test("of a genuine cluster is listed as it is", async () => {
    const { answer } = await told(
      "cluster_replication_job",
      { action: "list" },
      { "/cluster/replication": replications },
    );
    expect(answer.rows).toEqual(replications.map(({ jobnum: _number, ...shown }) => expect.objectContaining(shown)));
  });
});
