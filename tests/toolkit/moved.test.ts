import { describe, expect, test } from "bun:test";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver, sentOf } from "./stand-in.ts";

const start = tool("proxmox_guest_start");
const status = tool("proxmox_guest_status");

function tool(name: string) {
  const found = catalogue.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

const upid = (node: string) => `UPID:${node}:000ABCDE:0003C6F4:6B0594B9:qmstart:100:root@pam!t:`;
const missing = (node: string) => `Configuration file 'nodes/${node}/qemu-server/100.conf' does not exist`;

/** A cluster whose guest 100 is on `nodes[0]` at first and on the next node from the first look at it on. */
function moving(nodes: readonly string[], at: (call: string, node: string) => Response | undefined) {
  const calls: string[] = [];
  let looked = 0;
  const cluster = clusterOver(async (request) => {
    const { method, path } = await sentOf(request);
    const call = `${method} ${path}`;
    if (path === "/cluster/resources") {
      const node = nodes[Math.min(looked++, nodes.length - 1)];
      return Response.json({ data: [{ type: "qemu", vmid: 100, name: "web-01", node, status: "stopped" }] });
    }
    if (path === "/nodes") return Response.json({ data: nodes.map((node) => ({ node, status: "online" })) });
    calls.push(call);
    const [, , node = ""] = path.split("/");
    return at(call, node) ?? Response.json({ data: { status: "running", vmid: 100 } });
  });
  return { cluster, calls, looked: () => looked };
}

const refused = (text: string, code = 500) => Response.json({ data: null, message: text }, { status: code });
const task = (call: string, node: string, exitstatus: string) => {
  if (call.startsWith("POST")) return Response.json({ data: upid(node) });
  if (call.includes("/log")) return Response.json({ data: [], total: 0 });
  return call.includes("/tasks/") ? Response.json({ data: { status: "stopped", exitstatus } }) : undefined;
};

describe("a guest that has moved since it was looked up", () => {
  test("is found again once when PVE says that it isn't there", async () => {
    const { cluster, calls } = moving(["pve1", "pve2"], (_, node) =>
      node === "pve1" ? refused(missing(node)) : undefined,
    );
    const answer = await callTool(status, { vmid: 100 }, cluster);
    expect([answer.outcome, calls]).toEqual([
      "ok",
      ["GET /nodes/pve1/qemu/100/status/current", "GET /nodes/pve2/qemu/100/status/current"],
    ]);
  });

  test("is found again when its node can't be reached any more", async () => {
    const { cluster, calls } = moving(["pve1", "pve2"], (call, node) =>
      node === "pve1" ? new Response("", { status: 595, statusText: "No route to host" }) : task(call, node, "OK"),
    );
    const answer = await callTool(start, { vmid: 100 }, cluster);
    expect([answer.outcome, calls.at(-1)]).toEqual(["ok", "GET /nodes/pve2/qemu/100/status/current"]);
  }, 20_000);

  test("is found again when the task that was started for it says so, having done nothing", async () => {
    const { cluster, calls } = moving(["pve1", "pve2"], (call, node) =>
      task(call, node, node === "pve1" ? missing(node) : "OK"),
    );
    const answer = await callTool(start, { vmid: "web-01" }, cluster);
    expect(answer.outcome).toBe("ok");
    expect(calls.filter((call) => call.startsWith("POST"))).toEqual([
      "POST /nodes/pve1/qemu/100/status/start",
      "POST /nodes/pve2/qemu/100/status/start",
    ]);
  });

  test("is looked for once and no more, and PVE's own word is kept", async () => {
    const { cluster, calls, looked } = moving(["pve1", "pve2", "pve3"], (_, node) => refused(missing(node)));
    const answer = await callTool(status, { vmid: 100 }, cluster);
    expect([answer.kind, answer.reason?.[0]]).toEqual(["missing", missing("pve2")]);
    expect([calls.length, looked()]).toEqual([2, 2]);
  });
});

test("what is missing for another reason isn't asked for twice", async () => {
  const { cluster, calls } = moving(["pve1", "pve1"], (_, node) => refused(missing(node)));
  expect((await callTool(status, { vmid: 100 }, cluster)).kind).toBe("missing");
  expect(calls.length).toBe(1);
  const other = moving(["pve1", "pve2"], () => refused("storage 'x' does not exist"));
  await callTool(status, { vmid: 100 }, other.cluster);
  expect([other.calls.length, other.looked()]).toEqual([1, 1]);
});

test("a write whose fate is unknown isn't followed to another node", async () => {
  const { cluster, calls } = moving(["pve1", "pve2"], (call) =>
    call.startsWith("POST") ? new Response("", { status: 596, statusText: "Broken pipe" }) : undefined,
  );
  const answer = await callTool(start, { vmid: 100 }, cluster);
  expect([answer.kind, calls]).toEqual(["unknown-fate", ["POST /nodes/pve1/qemu/100/status/start"]]);
  expect(answer.summary).toContain("not known whether it took effect");
});

describe("the requests before a start", () => {
  test("are two at most for a name that was never looked up, and none for one that was", async () => {
    const all: string[] = [];
    const { cluster } = moving(["pve1"], (call, node) => task(call, node, "OK"));
    const told = { onRequest: ({ endpoint }: { endpoint: string }) => all.push(endpoint) };
    await callTool(start, { vmid: "web-01" }, cluster, told);
    const cold = all.findIndex((one) => one.startsWith("POST"));
    expect(cold).toBe(1);
    all.length = 0;
    await callTool(start, { vmid: "web-01" }, cluster, told);
    expect(all[0]).toBe("POST /nodes/{node}/qemu/{vmid}/status/start");
  });
});
