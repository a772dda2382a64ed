import { describe, expect, test } from "bun:test";
import { callTool } from "../../src/toolkit/call.ts";
import { virtualMachineTools } from "../../src/tools/virtual-machines.ts";
import { clusterOver, sentOf } from "./stand-in.ts";

const [create] = virtualMachineTools;
if (!create) throw new Error("no tool that creates a VM");

const upid = (vmid: string) => `UPID:pve1:000ABCDE:0003C6F4:6B0594B9:qmcreate:${vmid}:root@pam!t:`;

/** PVE, where somebody else takes the next `rivals` ids between our question and our request. */
function cluster({
  rivals = 0,
  refusal = (vmid: string) => `unable to create VM ${vmid} - VM ${vmid} already exists on node 'pve1'`,
} = {}) {
  const taken = new Set<string>();
  const created: string[] = [];
  let left = rivals;
  let refusals = 0;
  const free = () => {
    let id = 100;
    while (taken.has(String(id))) id++;
    return String(id);
  };
  const made = clusterOver(async (request) => {
    const { method, path, parameters } = await sentOf(request);
    await Bun.sleep(1);
    if (path === "/cluster/nextid") return Response.json({ data: free() });
    if (method === "POST" && path === "/nodes/pve1/qemu") {
      const vmid = String(new Map(parameters).get("vmid"));
      if (left-- > 0) taken.add(vmid);
      if (taken.has(vmid)) refusals++;
      if (taken.has(vmid)) return Response.json({ data: null, message: refusal(vmid) }, { status: 500 });
      taken.add(vmid);
      created.push(vmid);
      return Response.json({ data: upid(vmid) });
    }
    if (path.includes("/tasks/")) return Response.json({ data: { status: "stopped", exitstatus: "OK" } });
    return Response.json({ data: { name: "x" } });
  });
  return { cluster: made, created, refusals: () => refusals };
}

describe("the next free id", () => {
  test("is taken by one at a time: ten VMs at once get ten ids, without a refusal", async () => {
    const { cluster: pve, created, refusals } = cluster();
    const answers = await Promise.all(Array.from({ length: 10 }, () => callTool(create, { node: "pve1" }, pve)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(10).fill("ok"));
    expect(created).toEqual(["100", "101", "102", "103", "104", "105", "106", "107", "108", "109"]);
    expect(refusals()).toBe(0);
  });

  test.each([
    undefined,
    (vmid: string) =>
      `unable to create VM ${vmid}: close (rename) atomic file '/etc/pve/nodes/pve1/qemu-server/${vmid}.conf' failed: File exists`,
  ])("is taken again when somebody else was faster", async (refusal) => {
    const { cluster: pve, created } = cluster({ rivals: 2, ...(refusal && { refusal }) });
    const answer = await callTool(create, { node: "pve1" }, pve);
    expect([answer.outcome, created]).toEqual(["ok", ["102"]]);
    expect(answer.summary).toContain("102");
  });

  test("is given up when somebody is always faster", async () => {
    const { cluster: pve, created } = cluster({ rivals: 99 });
    expect([(await callTool(create, { node: "pve1" }, pve)).kind, created.length]).toEqual(["exists", 0]);
  });

  test("isn't tried again for an id that the call gave", async () => {
    const { cluster: pve, created } = cluster({ rivals: 1 });
    expect([(await callTool(create, { node: "pve1", vmid: 100 }, pve)).kind, created.length]).toEqual(["exists", 0]);
  });

  test("that is waited for can be given up", async () => {
    const { cluster: pve, created } = cluster();
    const controller = new AbortController();
    const first = callTool(create, { node: "pve1" }, pve);
    const second = callTool(create, { node: "pve1" }, pve, { signal: controller.signal });
    await Bun.sleep(1);
    controller.abort();
    expect((await second).kind).toBe("cancelled");
    expect([(await first).outcome, created]).toEqual(["ok", ["100"]]);
  });

  test("holds nobody up after a failure", async () => {
    const { cluster: pve } = cluster({ rivals: 99, refusal: () => "storage 'x' does not exist" });
    await callTool(create, { node: "pve1" }, pve);
    expect((await callTool(create, { node: "pve1" }, pve)).kind).toBe("missing");
  });
});
