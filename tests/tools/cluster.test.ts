// The cluster as a whole: quorum, options, VMIDs in a range, corosync's configuration, a join.
import { describe, expect, test } from "bun:test";
import { loggedIn } from "./as-root.ts";
import { demo, told } from "./demo.ts";
import { clusterStatus, corosyncNodes, joinInfo } from "./recorded/cluster.ts";

const fingerprint = Array(32).fill("AB").join(":");

describe("the cluster's status", () => {
  test("is quorum, name and votes of a genuine cluster with a node cut off", async () => {
    const bodies = {
      "/cluster/status": clusterStatus,
      "/cluster/config/nodes": corosyncNodes,
      "/cluster/resources": [],
    };
    const { text, answer } = await told("cluster", { action: "status" }, bodies);
    const [cluster] = clusterStatus.filter(({ type }) => type === "cluster");
    const nodes = clusterStatus.filter(({ type }) => type === "node");
    const online = nodes.filter((node) => node.online === 1);
    const votes = corosyncNodes.reduce((sum, { quorum_votes: one }) => sum + Number(one), 0);
    expect(text).toContain(`Cluster ${cluster?.name} is quorate: ${online.length} of ${nodes.length} nodes are online`);
    expect(text).toContain(`${online.length} of ${votes} expected votes, ${Math.floor(votes / 2) + 1} are needed`);
    expect(answer.notes?.[0]).toStartWith("Not online: pve3.");
    expect(answer.rows?.filter(({ type }) => type === "node")).toHaveLength(nodes.length);
  });

  test("without quorum says so", async () => {
    const { simulator, call } = demo();
    for (const name of ["pve2", "pve3"]) Object.assign(simulator.state.nodes[name] ?? {}, { online: false });
    const answer = await call("cluster", { action: "status" });
    expect(answer.summary).toBe(
      "Cluster demo has NO quorum: 1 of 3 nodes are online, 1 of 3 expected votes, 2 are needed",
    );
    expect(answer.notes?.[0]).toContain("changes nothing");
  });

  test("of a node that stands alone is told as that", async () => {
    const alone = [{ type: "node", name: "pve1", online: 1, local: 1, nodeid: 0, ip: "192.0.2.11" }];
    const { answer } = await told(
      "cluster",
      { action: "status" },
      { "/cluster/status": alone, "/cluster/resources": [] },
    );
    expect(answer.summary).toBe("pve1 stands alone, in no cluster; 1 of 1 nodes is online");
  });
});

describe("the datacenter's options", () => {
  test("are changed by an object with PVE's names, and old and new are told", async () => {
    const { call, record } = demo();
    const options = { keyboard: "de", migration: { type: "secure", network: "192.0.2.0/24" } };
    const answer = await call("cluster", { action: "update_options", options });
    expect(answer.changes).toContainEqual({ key: "keyboard", old: undefined, new: "de" });
    expect(await record("/cluster/options")).toMatchObject(options);
    const again = await call("cluster", { action: "update_options", console: "html5", delete: "keyboard" });
    expect(again.changes).toContainEqual({ key: "keyboard", old: "de", new: undefined });
    const shown = await call("cluster", { action: "options" });
    expect(shown.record).toMatchObject({ console: "html5", mac_prefix: "BC:24:11" });
  });

  test("that PVE doesn't have are refused with the nearest name", async () => {
    const { call, changes } = demo();
    const answer = await call("cluster", { action: "update_options", options: { keybord: "de" } });
    expect(answer.reason?.[0]).toContain("did you mean keyboard?");
    expect(changes).toEqual([]);
  });
});

describe("the next free VMID", () => {
  test.each([
    [{}, "105"],
    [{ min: 300 }, "300"],
    [{ min: 100, max: 105 }, "105"],
    [{ vmid: 555 }, "555"],
  ])("%j is one that no guest has", async (range, vmid) => {
    const { call, ask } = demo();
    const { record } = await call("get_next_vmid", range);
    expect(record).toEqual({ vmid: Number(vmid) });
    expect(await ask("GET", "/cluster/nextid", { vmid })).toBe(vmid);
  });

  test("is also free where the token may not see who has it", async () => {
    const { simulator } = demo();
    const blind = demo({ simulator, token: "powerless" });
    expect((await blind.call("get_next_vmid", { min: 100, max: 200 })).record).toEqual({ vmid: 105 });
  });

  test("isn't found where the range is full", async () => {
    const { reason } = await demo().call("get_next_vmid", { min: 100, max: 101 });
    expect(reason).toEqual(["no VMID from 100 to 101 is free"]);
  });
});

describe("corosync's configuration", () => {
  test("is a configuration and no directory index", async () => {
    const { answer, text } = await told("cluster_config", { action: "get" }, { "/cluster/config/join": joinInfo });
    expect(answer.summary).toContain(
      `Cluster ${joinInfo.totem.cluster_name}, version ${joinInfo.totem.config_version}`,
    );
    for (const { name, pve_fp: print } of joinInfo.nodelist)
      expect(text).toMatch(new RegExp(`${name}.*${print}|${print}.*${name}`));
  });

  test("names its nodes, and picks one of them", async () => {
    const { call } = demo();
    expect((await call("cluster_config", { action: "list_nodes" })).rows).toHaveLength(3);
    expect((await call("cluster_config", { action: "get_node", node: "pve2" })).record).toMatchObject({
      name: "pve2",
      ring0_addr: "192.0.2.12",
    });
    const missing = await call("cluster_config", { action: "get_node", node: "pve9" });
    expect(missing.reason?.[0]).toContain("pve1, pve2, pve3");
    expect((await call("cluster_config", { action: "totem" })).record).toMatchObject({ cluster_name: "demo" });
  });

  test("isn't there where PVE says nothing of it, and that is an answer", async () => {
    const { answer } = await told("cluster_config", { action: "totem" }, { "/cluster/config/totem": null });
    expect(answer).toMatchObject({ outcome: "ok", summary: expect.stringContaining("in no cluster") });
  });
});

describe("a join", () => {
  const given = { action: "join", hostname: "192.0.2.99", password: "not-to-be-told", fingerprint };

  test("needs the fingerprint, and no token can do it", async () => {
    const { call, changes } = demo();
    const { fingerprint: _, ...without } = given;
    expect((await call("cluster_config", without)).reason?.[0]).toContain("fingerprint is missing");
    expect(changes).toEqual([]);
    const refused = await call("cluster_config", given);
    expect(refused.outcome).toBe("denied");
    expect(JSON.stringify(refused)).toContain("root@pam alone");
  });

  test("that fails in its task is told as failed, without the password", async () => {
    const { call } = demo({ simulator: await loggedIn() });
    const answer = await call("cluster_config", given);
    expect(answer).toMatchObject({ outcome: "failed", reason: ["Check if node may join a cluster failed!"] });
    expect(answer.task?.log?.join()).toContain("already in a cluster");
    expect(JSON.stringify(answer)).not.toContain(given.password);
  });
});
