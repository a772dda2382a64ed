import { describe, expect, test } from "bun:test";
import type { Node } from "../../../src/simulator/engine/state.ts";
import { record, rows, side } from "../asking.ts";

function withNode(change: (node: Node) => void) {
  const all = side();
  const node = all.simulator.state.nodes.pve3;
  if (node === undefined) throw new Error("no pve3");
  change(node);
  return { ...all, node };
}
const offline = () =>
  withNode((node) => {
    node.online = false;
  });

describe("a node that is cut off", () => {
  test("can't be reached: 595 for all that it would answer, reads and writes alike", async () => {
    const { ask } = offline();
    for (const path of ["/nodes/pve3/status", "/nodes/pve3/qemu", "/nodes/pve3/storage", "/nodes/pve3/tasks"]) {
      expect(await ask("GET", path)).toMatchObject({ status: 595, reason: "No route to host", text: "" });
    }
    expect((await ask("POST", "/nodes/pve3/qemu/104/status/stop")).status).toBe(595);
    expect((await ask("GET", "/nodes/pve1/status")).status).toBe(200);
  });

  test("is offline at once in the lists of nodes; the others keep their quorum", async () => {
    const { ask } = offline();
    const nodes = rows((await ask("GET", "/nodes")).data);
    expect(nodes.map(({ node, status }) => [node, status])).toEqual([
      ["pve1", "online"],
      ["pve2", "online"],
      ["pve3", "offline"],
    ]);
    expect(nodes[2]).not.toHaveProperty("cpu");
    expect(nodes[2]).not.toHaveProperty("uptime");
    const [cluster, , , third] = rows((await ask("GET", "/cluster/status")).data);
    expect([cluster?.quorate, third?.online]).toEqual([1, 0]);
    expect((await ask("POST", "/access/users", { userid: "new@pve" })).status).toBe(200);
  });

  test("leaves its guests and storages as they were told last, for five minutes; then they are unknown", async () => {
    const { ask, pass } = offline();
    const seen = async () => {
      const all = rows((await ask("GET", "/cluster/resources")).data).filter(({ node }) => node === "pve3");
      return [all.find(({ vmid }) => vmid === 104), all.find(({ id }) => id === "storage/pve3/local")];
    };
    expect(await seen()).toMatchObject([
      { status: "running", name: "mail" },
      { status: "available", maxdisk: 94 * 1024 ** 3 },
    ]);
    pass(301_000);
    const [guest, storage] = await seen();
    expect(guest).toEqual({ id: "qemu/104", node: "pve3", status: "unknown", type: "qemu", vmid: 104 });
    expect(storage?.status).toBe("unknown");
    expect(storage).not.toHaveProperty("disk");
  });

  test("is back when it is back", async () => {
    const { ask, node, pass } = offline();
    await ask("GET", "/nodes");
    pass(600_000);
    node.online = true;
    const guests = rows((await ask("GET", "/cluster/resources", { type: "vm" })).data);
    expect(guests.find(({ vmid }) => vmid === 104)?.status).toBe("running");
    expect((await ask("GET", "/nodes/pve3/status")).status).toBe(200);
  });

  test("with its proxy down it refuses, with its daemon hanging it times out", async () => {
    const proxy = withNode((node) => {
      node.silent = "proxy";
    });
    expect(await proxy.ask("GET", "/nodes/pve3/status")).toMatchObject({ status: 595, reason: "Connection refused" });
    const daemon = withNode((node) => {
      node.silent = "daemon";
    });
    expect(await daemon.ask("GET", "/nodes/pve3/status")).toMatchObject({
      status: 596,
      reason: "Connection timed out",
    });
    const nodes = rows((await daemon.ask("GET", "/nodes")).data);
    expect(nodes.map(({ status }) => status)).toEqual(["online", "online", "online"]);
  });
});

describe("without quorum", () => {
  function lost() {
    const all = side();
    all.simulator.state.quorumLost = true;
    return all;
  }
  const notReady = "cluster not ready - no quorum?\n";

  test("reads and logging in work, and the cluster says that it has none", async () => {
    const { ask } = lost();
    for (const path of ["/nodes", "/cluster/resources", "/nodes/pve3/qemu/104/config", "/access/users"]) {
      expect((await ask("GET", path)).status).toBe(200);
    }
    expect(rows((await ask("GET", "/cluster/status")).data)[0]?.quorate).toBe(0);
  });

  test("start, clone, migrate, create are refused at once", async () => {
    const { ask } = lost();
    const calls: [string, Record<string, string>][] = [
      ["/nodes/pve3/qemu/111/status/start", {}],
      ["/nodes/pve1/lxc/120/status/start", {}],
      ["/nodes/pve3/qemu/111/clone", { newid: "192", full: "1" }],
      ["/nodes/pve3/qemu/111/migrate", { target: "pve1" }],
      ["/nodes/pve3/qemu", { vmid: "190", name: "nq" }],
    ];
    for (const [path, params] of calls) {
      expect([path, await ask("POST", path, params)]).toMatchObject([path, { status: 500, message: notReady }]);
    }
  });

  test("a guest's file can't be written: at once, or in the task", async () => {
    const { ask, run } = lost();
    const now = await ask("PUT", "/nodes/pve3/qemu/111/config", { description: "x" });
    const text = (vmid: number) =>
      new RegExp(
        `^unable to open file '/etc/pve/nodes/pve3/qemu-server/${vmid}\\.conf\\.tmp\\.\\d+' - Permission denied`,
      );
    expect(now.status).toBe(500);
    expect(now.message).toMatch(text(111));
    expect(await run("POST", "/nodes/pve3/qemu/111/config", { description: "x" })).toMatch(text(111));
    expect(await run("PUT", "/nodes/pve3/qemu/111/resize", { disk: "scsi0", size: "+1G" })).toMatch(text(111));
    expect(await run("POST", "/nodes/pve3/qemu/104/snapshot", { snapname: "nq" })).toMatch(text(104));
    const [task] = rows((await ask("GET", "/nodes/pve3/tasks", { typefilter: "qmconfig" })).data);
    const log = rows((await ask("GET", `/nodes/pve3/tasks/${task?.upid}/log`)).data);
    expect(log[0]?.t).toBe("update VM 111: -description x");
  });

  test("the cluster's own files can't be locked", async () => {
    const { ask } = lost();
    const refused = async (method: string, path: string, params: Record<string, string> = {}) => {
      const { status, message } = await ask(method, path, params);
      return `${status} ${message}`;
    };
    expect(await refused("POST", "/access/users", { userid: "minority@pve" })).toBe(
      "500 create user failed: cfs-lock 'file-user_cfg' error: no quorum!\n",
    );
    expect(await refused("POST", "/pools", { poolid: "noquorum" })).toBe(
      "500 create pool failed: cfs-lock 'file-user_cfg' error: no quorum!\n",
    );
    expect(await refused("DELETE", "/storage/local-lvm")).toBe(
      "500 delete storage failed: cfs-lock 'file-storage_cfg' error: no quorum!\n",
    );
  });

  test("what a guest does by itself goes on: it may be stopped", async () => {
    expect(await lost().run("POST", "/nodes/pve3/qemu/104/status/stop")).toBe("OK");
  });

  test("a request is checked as ever before that", async () => {
    const { ask, simulator } = lost();
    expect((await ask("POST", "/access/users", { userid: "new@pve", nope: "1" })).status).toBe(400);
    expect((await ask("POST", "/pools", { poolid: "x" }, simulator.tokens.operator)).status).toBe(403);
  });

  test("it is lost with the majority of the nodes", async () => {
    const all = side();
    for (const name of ["pve2", "pve3"]) Object.assign(all.simulator.state.nodes[name] ?? {}, { online: false });
    expect((await all.ask("POST", "/nodes/pve1/qemu", { vmid: "190" })).message).toBe(notReady);
    expect(record(rows((await all.ask("GET", "/cluster/status")).data)[0]).quorate).toBe(0);
  });
});
