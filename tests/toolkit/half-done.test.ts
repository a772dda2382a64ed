// An operation of several requests of which a later one fails tells what PVE took before it.
import { describe, expect, test } from "bun:test";
import { callTool } from "../../src/toolkit/call.ts";
import { type Perform, write } from "../../src/toolkit/operation.ts";
import { tool } from "../../src/toolkit/tool.ts";
import { clusterAnswering, everything, type Sent } from "./stand-in.ts";

const hosts = "POST /nodes/{node}/hosts";
const several = (perform: Perform) =>
  tool("proxmox_x", "X: x", write(hosts, { also: ["PUT /nodes/{node}/dns"], perform }));
const given = { node: "pve1", data: "127.0.0.1 localhost" };

const bothThen: Perform = async ({ send, read }, values) => {
  await send(hosts, values);
  await send("PUT /nodes/{node}/dns", { node: "pve1", search: "a.test" });
  return read("GET /nodes/{node}/hosts", { node: "pve1" });
};

const failing =
  (method: string, end: string) =>
  (sent: Sent): unknown => {
    if (sent.method === method && sent.path.endsWith(end)) throw new Error("some trouble");
    return null;
  };

describe("an operation of several requests", () => {
  test("whose second fails tells the first", async () => {
    const { cluster } = clusterAnswering(failing("PUT", "/dns"));
    const answer = await callTool(several(bothThen), given, cluster);
    expect(answer).toMatchObject({
      outcome: "error",
      summary: "proxmox_x: a part was done, what came after it failed",
    });
    expect(answer.reason?.slice(0, 2)).toEqual(["PVE took POST /nodes/pve1/hosts.", "some trouble"]);
  });

  test("after which nothing can be read tells what was done", async () => {
    const { cluster } = clusterAnswering(failing("GET", "/hosts"));
    const answer = await callTool(several(bothThen), given, cluster);
    expect(answer.reason?.[0]).toBe("PVE took POST /nodes/pve1/hosts, then PUT /nodes/pve1/dns.");
  });

  test("whose first fails has done nothing, and says no more than that", async () => {
    const { cluster } = clusterAnswering(failing("POST", "/hosts"));
    const answer = await callTool(several(bothThen), given, cluster);
    expect(answer).toMatchObject({ summary: "proxmox_x failed", reason: ["some trouble", expect.anything()] });
  });

  test("is halted between two of them by the operator's stop file, and tells the first", async () => {
    const { cluster } = clusterAnswering(() => null);
    let asked = 0;
    const halted = async () => (++asked > 3 ? "/run/stop" : undefined);
    const answer = await callTool(several(bothThen), given, { ...cluster, policy: everything, halted });
    expect(answer.outcome).toBe("error");
    expect(answer.reason?.join(" ")).toMatch(/^PVE took POST \/nodes\/pve1\/hosts\. .*\/run\/stop exists/);
  });
});
