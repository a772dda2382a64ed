// Ceph, realms and consoles in the embedded cluster, after what was recorded.
import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

const login = async ({ simulator }: ReturnType<typeof side>): Promise<Record<string, string>> => {
  const root = simulator.state.access.users["root@pam"];
  if (root !== undefined) root.password = "a-password-of-root";
  const body = new URLSearchParams({ username: "root@pam", password: "a-password-of-root" });
  const answer = await simulator.fetch(
    new Request("https://pve1:8006/api2/json/access/ticket", { method: "POST", body }),
  );
  const { data } = record(await answer.json());
  return {
    cookie: `PVEAuthCookie=${encodeURIComponent(String(record(data).ticket))}`,
    CSRFPreventionToken: String(record(data).CSRFPreventionToken),
  };
};

describe("Ceph that isn't installed", () => {
  test("is a 500 in PVE's words, and can be set up before its programs are there", async () => {
    const { ask, simulator } = side();
    const text = "binary not installed: /usr/bin/ceph-mon\n";
    for (const path of ["status", "mon", "osd", "pool", "fs", "mds", "cfg/raw"])
      expect(await ask("GET", `/nodes/pve1/ceph/${path}`)).toMatchObject({ status: 500, message: text });
    expect((await ask("POST", "/nodes/pve1/ceph/init", { network: "192.0.2.0/24" })).data).toBeNull();
    expect((await ask("POST", "/nodes/pve1/ceph/mon/pve1")).message).toBe(text);
    simulator.state.ceph?.installed.push("pve1", "pve2", "pve3");
    expect((await ask("GET", "/nodes/pve1/ceph/mon")).data).toEqual([]);
    expect((await ask("GET", "/nodes/pve1/ceph/status")).message).toBe("got timeout\n");
    expect((await ask("GET", "/nodes/pve1/ceph/osd")).message).toBe(
      "rados_connect failed - No such file or directory\n",
    );
  });

  test("grows from its first monitor, which brings a manager", async () => {
    const { ask, run, simulator } = side();
    await ask("POST", "/nodes/pve1/ceph/init", { network: "192.0.2.0/24" });
    simulator.state.ceph?.installed.push("pve1", "pve2");
    expect(await run("POST", "/nodes/pve1/ceph/mon/pve1")).toBe("OK");
    expect(rows((await ask("GET", "/nodes/pve1/ceph/mgr")).data)).toMatchObject([{ name: "pve1", state: "active" }]);
    expect((await ask("POST", "/nodes/pve1/ceph/mon/pve1")).message).toContain("already in use");
    expect((await ask("DELETE", "/nodes/pve1/ceph/mon/pve1")).message).toContain("can't remove last monitor");
    const again = "ceph manager directory '/var/lib/ceph/mgr/ceph-pve1' already exists";
    expect(await run("POST", "/nodes/pve1/ceph/mgr/pve1")).toBe(again);
  });
});

describe("Ceph at work", () => {
  test("is healthy until a node is lost", async () => {
    const { ask, simulator } = side({ ceph: true });
    const health = async () => record(record((await ask("GET", "/cluster/ceph/status")).data).health);
    expect(await health()).toEqual({ checks: {}, mutes: [], status: "HEALTH_OK" });
    const { pve3 } = simulator.state.nodes;
    if (pve3 !== undefined) pve3.online = false;
    expect(Object.keys(record((await health()).checks)).sort()).toEqual(["MON_DOWN", "OSD_DOWN"]);
    const { pve2 } = simulator.state.nodes;
    if (pve2 !== undefined) pve2.online = false;
    expect((await ask("GET", "/cluster/ceph/status")).message).toBe("got timeout\n");
  });

  test("sets a pool that exists anew when it is told to make it, as PVE does", async () => {
    const { ask, run } = side({ ceph: true });
    const make = { name: "p1", pg_num: "8", size: "2", min_size: "1" };
    expect(await run("POST", "/nodes/pve1/ceph/pool", make)).toBe("OK");
    expect(await run("POST", "/nodes/pve1/ceph/pool", { name: "p1" })).toBe("OK");
    const [task] = rows((await ask("GET", "/nodes/pve1/tasks", { typefilter: "cephcreatepool" })).data);
    const log = rows((await ask("GET", `/nodes/pve1/tasks/${task?.upid}/log`)).data).map(({ t }) => t);
    expect(log).toEqual([
      "pool p1: applying size = 3",
      "pool p1: applying application = rbd",
      "pool p1: applying min_size = 2",
      "skipping 'pg_autoscale_mode', did not change",
      "pool p1: applying pg_num = 128",
      "TASK OK",
    ]);
  });

  test("keeps a pool that a storage's disks or a file system lie on", async () => {
    const { ask, run, simulator } = side({ ceph: true });
    const inUse = "error with 'osd pool delete': mon_command failed - pool 'cephfs_data' is in use by CephFS";
    expect(await run("DELETE", "/nodes/pve1/ceph/pool/cephfs_data")).toBe(inUse);
    await run("POST", "/nodes/pve1/ceph/pool", { name: "p2", add_storages: "1" });
    expect((await ask("GET", "/storage/p2")).data).toMatchObject({ type: "rbd", pool: "p2", krbd: 0 });
    simulator.state.volumes.push({
      volid: "p2:vm-9-disk-0",
      storage: "p2",
      content: "images",
      format: "raw",
      size: 1,
      ctime: 0,
    });
    expect(await run("DELETE", "/nodes/pve1/ceph/pool/p2")).toBe("ceph pool 'p2' still in use by storage 'p2'");
    const unknown = "error with 'osd pool get': mon_command failed - unrecognized pool 'none'";
    expect(await run("DELETE", "/nodes/pve1/ceph/pool/none")).toBe(unknown);
  });

  test("makes and destroys disks for a login as root@pam alone", async () => {
    const made = side({ ceph: true });
    const { ask, simulator, pass } = made;
    expect((await ask("DELETE", "/nodes/pve1/ceph/osd/0")).message).toContain("user != root@pam");
    const headers = await login(made);
    const as = async (method: string, path: string, params: Record<string, string> = {}) => {
      const body = method === "POST" ? new URLSearchParams(params) : null;
      const answer = await simulator.fetch(
        new Request(`https://pve1:8006/api2/json${path}`, { method, headers, body }),
      );
      pass(60_000);
      return record(await answer.json());
    };
    expect((await as("POST", "/nodes/pve1/ceph/osd", { dev: "/dev/sda" })).message).toBe("not a valid block device\n");
    expect(String((await as("POST", "/nodes/pve1/ceph/osd", { dev: "/dev/sdd" })).data)).toContain(
      ":cephcreateosd:sdd:",
    );
    expect((await ask("GET", "/nodes/pve1/ceph/osd/6/metadata")).data).toMatchObject({
      osd: { hostname: "pve1", id: 6 },
    });
    expect((await as("DELETE", "/nodes/pve1/ceph/osd/6")).message).toBe("osd is in use (in == 1)\n");
    await ask("POST", "/nodes/pve1/ceph/osd/6/out");
    await as("POST", "/nodes/pve1/ceph/stop", { service: "osd.6" });
    expect(String((await as("DELETE", "/nodes/pve1/ceph/osd/6")).data)).toContain(":cephdestroyosd:osd.6:");
    await ask("GET", "/version");
    expect(Object.keys(simulator.state.ceph?.osds ?? {})).toHaveLength(6);
  });

  test("loses a file system once its metadata servers are stopped", async () => {
    const { ask, run } = side({ ceph: true });
    const busy = await run("DELETE", "/nodes/pve1/ceph/fs/cephfs", { "remove-pools": "1" });
    expect(busy).toContain("all MDS daemons must be inactive");
    for (const node of ["pve1", "pve2"])
      expect(await run("POST", `/nodes/${node}/ceph/stop`, { service: `mds.${node}` })).toBe("OK");
    expect(await run("DELETE", "/nodes/pve1/ceph/fs/cephfs", { "remove-pools": "1" })).toBe("OK");
    expect(rows((await ask("GET", "/nodes/pve1/ceph/pool")).data).map(({ pool_name }) => pool_name)).toEqual([
      ".mgr",
      "vms",
    ]);
  });
});

describe("a realm", () => {
  test("needs what its type needs, and shows no password", async () => {
    const { ask } = side();
    const given = { realm: "ldap1", type: "ldap", server1: "192.0.2.200", user_attr: "uid" };
    expect((await ask("POST", "/access/domains", given)).message).toContain(
      "missing value for required option 'base_dn'",
    );
    await ask("POST", "/access/domains", { ...given, base_dn: "dc=a", password: "a-bind-secret" });
    expect((await ask("GET", "/access/domains/ldap1")).text).not.toContain("a-bind-secret");
    expect((await ask("POST", "/access/domains", { ...given, base_dn: "dc=a" })).message).toContain("already exists");
  });

  test("is the only default, and the built-in ones come back as they were", async () => {
    const { ask } = side();
    await ask("PUT", "/access/domains/pve", { default: "1" });
    await ask("PUT", "/access/domains/pam", { default: "1", comment: "mine" });
    const defaults = async () => rows((await ask("GET", "/access/domains")).data).filter((row) => row.default === 1);
    expect((await defaults()).map(({ realm }) => realm)).toEqual(["pam"]);
    expect((await ask("DELETE", "/access/domains/pam")).status).toBe(200);
    expect((await ask("GET", "/access/domains/pam")).data).toMatchObject({
      comment: "Linux PAM standard authentication",
    });
  });
});

describe("a console's ticket", () => {
  test("is served for ten seconds, by the node that was asked", async () => {
    const { ask, pass } = side();
    const { data } = await ask("POST", "/nodes/pve3/qemu/111/vncproxy");
    const upid = String(record(data).upid);
    expect(upid).toStartWith("UPID:pve1:");
    const state = async () => record((await ask("GET", `/nodes/pve1/tasks/${upid}/status`)).data);
    pass(9_000);
    expect(await state()).toMatchObject({ status: "running" });
    pass(2_000);
    expect(await state()).toMatchObject({ status: "stopped", exitstatus: "connection timed out" });
  });
});
