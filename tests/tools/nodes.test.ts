// What is shown of nodes, against bodies that a genuine PVE sent and over the embedded cluster.
import { describe, expect, test } from "bun:test";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { textOf } from "../../src/server/text.ts";
import { bytes, percent } from "../../src/server/units.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { demo, told } from "./demo.ts";
import {
  bridge,
  disks,
  groups,
  netstat,
  nodeStatus,
  nodesWithOneAway,
  packages,
  unsubscribed,
} from "./recorded/nodes.ts";

const node = "pve1";

describe("a node", () => {
  test("that is away stays in the list and is named", async () => {
    const { answer, text } = await told("node", { action: "list" }, { "/nodes": nodesWithOneAway });
    expect(answer.summary).toBe("3 nodes, not online: pve3");
    expect(answer.rows?.map((row) => [row.node, row.status])).toEqual(
      nodesWithOneAway.map((row) => [row.node, row.status]),
    );
    expect(text).toContain(`pve1 | online | ${percent(nodesWithOneAway[0]?.cpu ?? 0)} | 2 |`);
    expect(text).not.toMatch(/undefined|NaN|N\/A|[Ll]oad/);
  });

  test("shows its load, memory and disk with their units", async () => {
    const { text, answer } = await told("node", { action: "status", node }, { "/status": nodeStatus });
    expect(text).toContain(`loadavg: [${nodeStatus.loadavg.join(", ")}]`);
    for (const name of ["total", "used", "free"] as const)
      expect(text).toMatch(new RegExp(`^memory: .*${name} ${bytes(nodeStatus.memory[name])}`, "m"));
    expect(text).toContain(`avail ${bytes(nodeStatus.rootfs.avail)}`);
    expect(JSON.stringify(answer.record)).not.toContain("fpu vme");
  });

  test("tells the name of the interface that was asked for", async () => {
    const { text } = await told("node", { action: "iface", node, iface: "vmbr5" }, { "/network/vmbr5": bridge });
    expect(text).toContain("iface: vmbr5\n");
    expect(text).toContain(`cidr: ${bridge.cidr}\n`);
  });
});

describe("node info", () => {
  test("netstat shows the counters of each guest's interfaces", async () => {
    const { text } = await told("node_info", { action: "netstat", node }, { "/netstat": netstat });
    for (const row of netstat)
      expect(text).toContain(`${row.vmid} | ${row.dev} | ${bytes(Number(row.in))} | ${bytes(Number(row.out))}`);
  });

  test.each([
    ["rrddata", "cpu"],
    ["storage_rrddata", "used"],
  ])("%s takes the last hour unless told, and the newest points come first", async (action, figure) => {
    const { answer } = await withClock(action);
    expect(answer.rows?.[0]?.[figure]).toBeNumber();
    const times = answer.rows?.flatMap(({ time }) => (time === undefined ? [] : [Number(time)])) ?? [];
    expect(times).toEqual([...times].sort((one, other) => other - one));
    expect(Date.UTC(2026, 10, 24, 12) / 1000 - (times[0] ?? 0)).toBeLessThanOrEqual(120);
  });
  const withClock = async (action: string) => ({
    answer: await demo({ timed: true }).call("node_info", {
      action,
      node,
      storage: action === "rrddata" ? undefined : "local",
    }),
  });

  test("storage_rrddata takes no other endpoint's path for a storage", async () => {
    const answer = await demo().call("node_info", {
      action: "storage_rrddata",
      node,
      storage: "../../qemu/100/config?",
    });
    expect(answer.kind).toBe("arguments");
  });

  test("the report is cut by its sections", async () => {
    const { call } = demo();
    const whole = await call("node_info", { action: "report", node });
    expect(whole.lines?.[0]).toContain("PVE report");
    const part = await call("node_info", { action: "report", node, section: "virtual guests" });
    expect(part.lines?.join("\n")).toContain("qemu 100 running");
    expect(part.lines?.join("\n")).not.toContain("vmbr0");
    expect(part.notes?.[0]).toContain("info about network");
  });

  test("aplinfo finds a template by its name", async () => {
    const answer = await demo().call("node_info", { action: "aplinfo", node, search: "DEBIAN-13" });
    expect(answer.rows?.map(({ template }) => template)).toEqual(["debian-13-standard_13.1-2_amd64.tar.zst"]);
  });

  test.each(["aplinfo", "report", "netstat", "rrddata"])(
    "%s stays within 8,000 tokens on a large node",
    async (action) => {
      const simulator = createSimulator({ seed: 1, nodes: 1, guests: 10_000 });
      const answer = await demo({ simulator }).call("node_info", { action, node });
      expect(encode(textOf(answer, 0)).length).toBeLessThanOrEqual(8000);
    },
  );
});

describe("the packages of a node", () => {
  test("have their names and versions, which PVE writes with capitals", async () => {
    const { text } = await told("apt", { action: "versions", node }, { "/apt/versions": packages });
    for (const one of packages) expect(text).toContain(`${one.Package} | ${one.Version}`);
    expect(text).not.toMatch(/unknown|undefined|N\/A/);
  });

  test("are found by name", async () => {
    const { call, record } = demo();
    const answer = await call("apt", { action: "versions", node, package: "pve-manager" });
    expect(answer.rows).toMatchObject([{ Package: "pve-manager", Version: (await record("/version")).version }]);
  });

  test("are upgraded in a shell alone, and the answer says how and what", async () => {
    const { call, changes } = demo();
    expect(await call("apt", { action: "update", node })).toMatchObject({
      outcome: "ok",
      notes: ["2 packages can be upgraded."],
    });
    const answer = await call("apt", { action: "upgrade", node });
    expect(answer).toMatchObject({ outcome: "error", kind: "unsupported" });
    expect(answer.reason?.join(" ")).toContain("apt full-upgrade");
    expect(answer.rows?.map(({ Package }) => Package)).toEqual(["pve-manager", "qemu-server"]);
    expect(changes).toEqual(["POST /nodes/pve1/apt/update"]);
  });
});

describe("a subscription", () => {
  test("that isn't there is an answer", async () => {
    const { answer } = await told("node_subscription", { action: "get", node }, { "/subscription": unsubscribed });
    expect(answer).toMatchObject({
      outcome: "ok",
      summary: "pve1 has no subscription key",
      record: { status: "notfound" },
    });
  });

  test("is set with its key, checked, and taken away; the key is shown to those alone who may change it", async () => {
    const cluster = demo();
    const key = "pve1c-0123456789";
    const set = await cluster.call("node_subscription", { action: "set", node, key });
    expect(set).toMatchObject({ outcome: "ok", record: { status: "active", level: "c" } });
    expect(cluster.changes).toEqual(["PUT /nodes/pve1/subscription", "POST /nodes/pve1/subscription"]);
    expect(JSON.stringify(set)).not.toContain(key);
    expect(await cluster.record("/nodes/pve1/subscription")).toMatchObject({ key, status: "active" });
    const reader = demo({ policy: { elevated: false, readOnly: false, deny: [] }, simulator: cluster.simulator });
    expect((await reader.call("node_subscription", { action: "get", node })).record?.key).toBe("(not shown)");
    expect((await cluster.call("node_subscription", { action: "delete", node })).outcome).toBe("ok");
    expect(await cluster.record("/nodes/pve1/subscription")).toMatchObject({ status: "notfound" });
    expect((await cluster.call("node_subscription", { action: "delete", node })).reason?.[0]).toContain(
      "no subscription key",
    );
  });

  test.each(["pve9z-0", "x"])("refuses what is no key: %s", async (key) => {
    const { call, changes } = demo();
    expect((await call("node_subscription", { action: "set", node, key })).kind).toBe("arguments");
    expect(changes).toEqual([]);
  });
});

describe("the disks of a node", () => {
  test("are listed without what PVE doesn't know of them", async () => {
    const { answer, text } = await told("node_disk", { action: "list", node }, { "/disks/list": disks });
    expect(answer.rows).toEqual([
      { devpath: "/dev/vda", used: "mounted", size: disks[0]?.size, health: "UNKNOWN", gpt: 0, mounted: 1 },
    ]);
    expect(text).toContain(bytes(disks[0]?.size ?? 0));
    expect(text).not.toMatch(/N\/A|undefined|-1/);
  });

  test("take the seed's names of their filters", async () => {
    const { call } = demo();
    const given = { action: "list", node, include_partitions: true, skip_smart: true, type: "unused" };
    expect((await call("node_disk", given)).rows?.map(({ devpath }) => devpath)).toEqual(["/dev/sdb"]);
    const health = await call("node_disk", { action: "smart", node, disk: "/dev/sdb", health_only: true });
    expect(health).toMatchObject({ summary: "Health of /dev/sdb on pve1: PASSED", rows: [] });
    expect((await call("node_disk", { action: "smart", node, disk: "/dev/sdb" })).rows).toHaveLength(5);
  });

  test("make volume groups, told as a row each", async () => {
    const { answer } = await told("node_disk", { action: "lvm", node }, { "/disks/lvm": groups });
    const [group] = groups.children;
    expect(answer.rows).toEqual([
      { vg: "thin1", size: group?.size, free: group?.free, lvcount: 0, disks: ["/dev/loop11"] },
    ]);
  });

  test("make thin pools and directories, which are shown where there are some", async () => {
    const { call } = demo();
    expect((await call("node_disk", { action: "lvmthin", node })).rows).toMatchObject([{ lv: "data", vg: "pve" }]);
    const { rows } = await call("node_disk", { action: "directory", node });
    expect(rows).toMatchObject([{ name: "scratch", path: "/mnt/pve/scratch", type: "ext4" }]);
    expect(await told("node_disk", { action: "lvmthin", node }, { "/lvmthin": [] })).toMatchObject({
      answer: { outcome: "ok", summary: "0 LVM thin pools of pve1" },
    });
  });

  test("without ZFS are told as that", async () => {
    expect(await demo().call("node_disk", { action: "zfs", node })).toMatchObject({
      outcome: "ok",
      summary: "ZFS is not installed on pve1",
    });
  });

  test("get a partition table when nothing lies on them", async () => {
    const { call, ask } = demo();
    const disk = async () => ((await ask("GET", "/nodes/pve1/disks/list")) as { devpath: string; gpt: number }[])[1];
    expect(await disk()).toMatchObject({ devpath: "/dev/sdb", gpt: 0 });
    expect((await call("node_disk_admin", { action: "init_gpt", node, disk: "/dev/sdb" })).record).toMatchObject({
      gpt: 1,
    });
    expect(await disk()).toMatchObject({ gpt: 1 });
    const used = await call("node_disk_admin", { action: "init_gpt", node, disk: "/dev/vda" });
    expect(used.reason?.[0]).toBe("disk /dev/vda already in use");
  });

  test("are wiped by root@pam alone, and a token is told so", async () => {
    const answer = await demo().call("node_disk_admin", { action: "wipe", node, disk: "/dev/sdb" });
    expect(answer).toMatchObject({
      outcome: "denied",
      reason: ["Permission check failed (user != root@pam)", expect.any(String)],
    });
  });
});
