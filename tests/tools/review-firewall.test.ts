// What an operator has to be able to rely on where a change of the firewall is more than one request.
import { describe, expect, test } from "bun:test";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver, sentOf } from "../toolkit/stand-in.ts";
import { demo } from "./demo.ts";

const rule = { rule_action: "ACCEPT", type: "in", proto: "tcp" };

async function withTwoRules() {
  const side = demo();
  for (const dport of ["80", "22"]) await side.call("cluster_firewall_rule", { action: "create", ...rule, dport });
  return side;
}

describe("a rule", () => {
  test("that was changed and could not be moved is told as both", async () => {
    const { call, ask, simulator } = await withTwoRules();
    simulator.faults.push({
      kind: "lock-timeout",
      method: "PUT",
      path: "/cluster/firewall/rules/0",
      nth: 2,
      text: "busy",
    });
    const answer = await call("cluster_firewall_rule", { action: "update", pos: 0, moveto: 2, comment: "new" });
    expect(answer).toMatchObject({
      outcome: "error",
      summary: "Rule 0 was changed, and not moved",
      changes: [{ key: "comment", new: "new" }],
    });
    expect(answer.reason?.[0]).toContain("busy");
    expect(await ask("GET", "/cluster/firewall/rules/0")).toMatchObject({ dport: "22", comment: "new" });
  });

  test("that could not be moved to its place says where it was to stand", async () => {
    const { call, simulator } = await withTwoRules();
    simulator.faults.push({ kind: "596", method: "PUT", path: "/cluster/firewall/rules/0" });
    const answer = await call("cluster_firewall_rule", { action: "create", ...rule, dport: "443", pos: 1, enable: 1 });
    expect(answer).toMatchObject({ outcome: "ok", summary: "Rule 0 was created" });
    expect(answer.notes).toContain("It was to stand at 1 and could not be moved there.");
  });
});

describe("an IP set", () => {
  test("is deleted by a token that may not read it", async () => {
    const tool = catalogue.find(({ name }) => name === "proxmox_cluster_firewall_ipset");
    if (!tool) throw new Error("no tool");
    const sent: string[] = [];
    const cluster = clusterOver(async (request) => {
      const { method, path } = await sentOf(request);
      sent.push(`${method} ${path}`);
      if (method === "DELETE") return Response.json({ data: null });
      return Response.json({ data: null, message: "Permission check failed (/, Sys.Audit)\n" }, { status: 403 });
    });
    const answer = await callTool(tool, { action: "delete", name: "blocked" }, cluster);
    expect(answer).toMatchObject({ outcome: "ok", summary: "IP set blocked was deleted" });
    expect(sent).toContain("DELETE /cluster/firewall/ipset/blocked");
  });
});
