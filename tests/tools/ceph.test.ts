// Ceph both ways: not installed is an answer; at work, what is made and taken away is seen through another endpoint.
import { describe, expect, test } from "bun:test";
import { workingCeph } from "../../src/simulator/start/ceph.ts";
import { demo, told } from "./demo.ts";
import { cephFilesystems, cephMonitors, cephServers, cephStatus, cephTree } from "./recorded/ceph.ts";

const rowsOf = (data: unknown): Record<string, unknown>[] => (Array.isArray(data) ? data : []);

/** A demo whose Ceph has been at work for ten days. */
function working() {
  const made = demo();
  made.simulator.state.ceph = workingCeph(made.simulator.state, Date.UTC(2026, 10, 24));
  return made;
}

const reads = ["ceph status", "ceph_osd list", "ceph_mon list", "ceph_mds list", "ceph_pool list", "ceph_fs list"];

describe("where Ceph isn't installed", () => {
  test.each(reads)("%s says so, and is no failure", async (line) => {
    const [tool = "", action] = line.split(" ");
    const { call } = demo();
    const answer = await call(tool, { action, node: "pve1" });
    expect(answer).toMatchObject({ outcome: "ok", summary: "Ceph is not installed on pve1" });
  });

  test("a change ends with PVE's sentence", async () => {
    const refused = await demo().call("ceph_mon", { action: "create", node: "pve1", monid: "pve1" });
    expect(refused.reason?.[0]).toContain("binary not installed: /usr/bin/ceph-mon");
  });
});

describe("Ceph's state", () => {
  test("names its monitors, where the seed prints [object Object]", async () => {
    const { text, data } = await told("ceph", { action: "status", node: "pve1" }, { "/ceph/status": cephStatus });
    expect(data.summary).toBe(`Ceph on pve1: ${cephStatus.health.status}`);
    expect(data.record).toMatchObject({
      monitors: cephStatus.monmap.mons.map(({ name }) => name),
      quorum: cephStatus.quorum_names,
      manager: cephStatus.mgrmap.active_name,
      osds: cephStatus.osdmap.num_osds,
      osds_up: cephStatus.osdmap.num_up_osds,
      pgs: cephStatus.pgmap.num_pgs,
      used: cephStatus.pgmap.bytes_used,
    });
    for (const { summary } of Object.values(cephStatus.health.checks)) expect(text).toContain(summary.message);
    for (const { state_name, count } of cephStatus.pgmap.pgs_by_state) expect(text).toContain(`${state_name} ${count}`);
    expect(text).not.toContain("[object Object]");
  });

  test.each([
    ["ceph_mon", "/ceph/mon", cephMonitors, "monitors"],
    ["ceph_mds", "/ceph/mds", cephServers, "metadata servers"],
    ["ceph_fs", "/ceph/fs", cephFilesystems, "file systems"],
  ] as const)("%s lists what PVE said", async (tool, path, bodies, noun) => {
    const { text, data } = await told(tool, { action: "list", node: "pve1" }, { [path]: bodies });
    expect(data.summary).toBe(`${bodies.length} ${noun}`);
    for (const { name } of bodies) expect(text).toContain(name);
  });
});

describe("the OSDs", () => {
  test("are rows, though PVE answers with a tree", async () => {
    const { call, simulator } = working();
    const { rows, summary } = await call("ceph_osd", { action: "list", node: "pve1" });
    expect(summary).toBe("6 OSDs, 6 up");
    expect(rows?.map(({ id, host, status }) => [id, host, status])).toEqual(
      Object.entries(simulator.state.ceph?.osds ?? {}).map(([id, { node }]) => [Number(id), node, "up"]),
    );
    const { data } = await told("ceph_osd", { action: "list", node: "pve1" }, { "/ceph/osd": cephTree });
    expect(data.summary).toBe("0 OSDs, 0 up");
  });

  test.each([
    [
      "create",
      { dev: "/dev/sdd", dbdev: "/dev/sde", waldev: "/dev/sdf", "crush-device-class": "ssd", encrypted: true },
    ],
    ["delete", { id: 0 }],
  ])("%s is root@pam's alone: the answer says so in PVE's words, and where to do it", async (action, given) => {
    const { call, simulator } = working();
    const refused = await call("ceph_osd", { action, node: "pve1", ...given });
    expect(refused.outcome).toBe("denied");
    expect(refused.reason?.[0]).toContain("user != root@pam");
    expect(refused.reason?.[1]).toContain("root shell on the node");
    expect(Object.keys(simulator.state.ceph?.osds ?? {})).toHaveLength(6);
  });

  test("get their numbers from Ceph", async () => {
    const refused = await working().call("ceph_osd", { action: "create", node: "pve1", dev: "/dev/sdd", osdid: 9 });
    expect(refused.reason?.[0]).toContain("first free number");
  });
});

describe("a monitor", () => {
  test("goes and comes back, by the path that PVE has", async () => {
    const { call, ask, changes } = working();
    const given = { node: "pve3", monid: "pve3" };
    expect((await call("ceph_mon", { action: "delete", ...given })).outcome).toBe("ok");
    const quorum = async () => (await call("ceph", { action: "status", node: "pve1" })).record?.quorum;
    expect(await quorum()).toEqual(["pve1", "pve2"]);
    const created = await call("ceph_mon", { action: "create", ...given });
    expect(created.record).toMatchObject({ name: "pve3", state: "running" });
    expect(rowsOf(await ask("GET", "/nodes/pve1/ceph/mon"))).toHaveLength(3);
    expect(changes).toEqual(["DELETE /nodes/pve3/ceph/mon/pve3", "POST /nodes/pve3/ceph/mon/pve3"]);
  });
});

describe("a metadata server", () => {
  test("is made and taken away", async () => {
    const { call, ask } = working();
    const created = await call("ceph_mds", { action: "create", node: "pve3", name: "pve3", hotstandby: true });
    expect(created.record).toMatchObject({ name: "pve3", state: "up:standby" });
    expect((await call("ceph_mds", { action: "delete", node: "pve3", name: "pve3" })).outcome).toBe("ok");
    expect(rowsOf(await ask("GET", "/nodes/pve1/ceph/mds")).map(({ name }) => name)).toEqual(["pve1", "pve2"]);
  });

  test("that there is none of isn't told as taken away, though PVE's task ends OK", async () => {
    const { call, changes } = working();
    const refused = await call("ceph_mds", { action: "delete", node: "pve1", name: "nosuch" });
    expect(refused.reason?.[0]).toContain("there is pve1, pve2");
    expect(changes).toEqual([]);
  });
});

describe("a pool", () => {
  const name = "fast";
  test("is made, changed and deleted, and the answers tell what stood there", async () => {
    const { call, ask, record, simulator } = working();
    const made = await call("ceph_pool", {
      action: "create",
      node: "pve1",
      name,
      pg_num: 32,
      size: 2,
      add_storages: true,
    });
    expect(made.record).toMatchObject({ pool_name: name, pg_num: 32, size: 2, min_size: 2 });
    expect(simulator.state.storages.fast).toMatchObject({ type: "rbd" });
    const changed = await call("ceph_pool", { action: "update", node: "pve1", name, size: 3, pg_autoscale_mode: "on" });
    expect(changed.changes).toEqual([
      { key: "pg_autoscale_mode", old: "warn", new: "on" },
      { key: "size", old: 2, new: 3 },
    ]);
    expect(await record("/nodes/pve1/ceph/pool/fast/status")).toMatchObject({ size: 3 });
    const deleted = await call("ceph_pool", { action: "delete", node: "pve1", name, remove_storages: true });
    expect(deleted.changes).toContainEqual({ key: "size", old: 3 });
    expect(rowsOf(await ask("GET", "/nodes/pve1/ceph/pool")).map((row) => row.pool_name)).not.toContain(name);
  });

  test("that exists isn't set anew by create, though PVE would", async () => {
    const { call, changes } = working();
    const refused = await call("ceph_pool", { action: "create", node: "pve1", name: "vms", size: 2 });
    expect(refused.reason?.[0]).toContain("action=update changes it");
    expect(changes).toEqual([]);
  });

  test.each(["update", "delete"])(
    "that doesn't exist: %s ends with Ceph's sentence before anything is sent",
    async (action) => {
      const { call, changes } = working();
      const refused = await call("ceph_pool", { action, node: "pve1", name: "nosuch" });
      expect(refused.reason?.[0]).toContain("unrecognized pool 'nosuch'");
      expect(changes).toEqual([]);
    },
  );

  test("list shows sizes with their units", async () => {
    const answer = await working().call("ceph_pool", { action: "list", node: "pve1" });
    expect(answer.summary).toBe("4 pools");
    expect(answer.units).toEqual({ bytes_used: "bytes", percent_used: "percent" });
  });
});

describe("a file system", () => {
  test("is made with pools of its own", async () => {
    const { call, ask, simulator } = working();
    simulator.state.ceph = { ...workingCeph(simulator.state, 0), filesystems: {}, pools: {} };
    const made = await call("ceph_fs", {
      action: "create",
      node: "pve1",
      name: "files",
      pg_num: 16,
      "add-storage": true,
    });
    expect(made.record).toMatchObject({ name: "files", data_pools: ["files_data"], metadata_pool: "files_metadata" });
    const pools = rowsOf(await ask("GET", "/nodes/pve1/ceph/pool")).map(({ pool_name }) => pool_name);
    expect(pools).toEqual(["files_data", "files_metadata"]);
    expect(simulator.state.storages.files).toMatchObject({ type: "cephfs" });
  });

  test.each(["pool", "data_pool", "metadata_pool"])("takes no %s: PVE makes its pools", async (argument) => {
    const refused = await working().call("ceph_fs", { action: "create", node: "pve1", name: "x", [argument]: "y" });
    expect(refused.reason?.[0]).toContain("PVE makes the pools");
  });
});
