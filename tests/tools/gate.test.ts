// The gate, for every operation, by what reaches the wire: nothing that isn't allowed, and no reason to ask first.
import { describe, expect, test } from "bun:test";
import { callTool } from "../../src/toolkit/call.ts";
import type { Policy } from "../../src/toolkit/gate.ts";
import { kinds } from "../../src/toolkit/kind.ts";
import { clusterAnswering } from "../toolkit/stand-in.ts";
import { argumentsFor, called, callWith, elsewhere, type Line, lines } from "./sending.ts";

const policies: readonly (readonly [string, Policy, (line: Line) => boolean])[] = [
  ["by default", { elevated: false, readOnly: false, deny: [] }, ({ operation }) => operation.kind === "read"],
  [
    "in read-only mode, elevated or not",
    { elevated: true, readOnly: true, deny: [] },
    ({ operation }) => operation.kind === "read",
  ],
  ...kinds
    .filter((kind) => kind !== "read")
    .map((denied): (typeof policies)[number] => [
      `with ${denied} denied`,
      { elevated: true, readOnly: false, deny: [denied] },
      ({ operation }) => operation.kind !== denied,
    ]),
];

describe.each(policies)("%s", (_, policy, isAllowed) => {
  test.each(lines)("$label", async (line) => {
    const given = callWith(line, argumentsFor(line).required);
    const { answer, sent } = await called(line, given, policy);
    if (!isAllowed(line)) {
      expect({ outcome: answer.outcome, sent }).toEqual({ outcome: "denied", sent: [] });
      expect(answer.reason?.[0]).toMatch(/PROXMOX_(?:ALLOW_ELEVATED|READ_ONLY|DENY)/);
    } else if (elsewhere[line.name] === undefined) expect(answer.outcome).toBe("ok");
  });
});

describe("a read sends", () => {
  test.each(lines.filter(({ operation }) => operation.kind === "read"))("nothing but GET: $label", async (line) => {
    const { sent } = await called(line, callWith(line, argumentsFor(line).required));
    expect(sent.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

describe("the stop file", () => {
  test.each(lines)("halts everything but reading: $label", async (line) => {
    const { cluster, sent } = clusterAnswering(() => ({}));
    const given = callWith(line, argumentsFor(line).required);
    const answer = await callTool(line.tool, given, { ...cluster, halted: async () => "/run/stop" });
    if (line.operation.kind === "read") return expect(answer.outcome).not.toBe("denied");
    expect({ outcome: answer.outcome, sent }).toEqual({ outcome: "denied", sent: [] });
    expect(answer.reason?.[0]).toContain("/run/stop");
  });

  test("that appears between the call and its change halts it too", async () => {
    const line = lines.find(({ name }) => name === "proxmox_guest_start");
    if (!line) throw new Error("no start");
    const { cluster, sent } = clusterAnswering(({ path }) =>
      path === "/cluster/resources" ? [{ type: "qemu", vmid: 100, node: "pve1", status: "stopped" }] : {},
    );
    let looks = 0;
    const halted = async () => (++looks > 1 ? "/run/stop" : undefined);
    const answer = await callTool(line.tool, { vmid: 100 }, { ...cluster, halted });
    expect(answer.outcome).toBe("denied");
    expect(sent.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});
