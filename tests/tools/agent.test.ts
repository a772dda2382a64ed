// The guest agent over the embedded cluster: what is read is unwrapped, a command's end is its own, nothing stays frozen.
import { describe, expect, test } from "bun:test";
import { PveError } from "../../src/pve/errors.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import type { Caller } from "../../src/toolkit/call.ts";
import { type Cluster, callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver } from "../toolkit/stand-in.ts";

function demo(change: (cluster: Cluster) => Cluster = (same) => same) {
  const simulator = createSimulator({ speed: Number.POSITIVE_INFINITY, seed: 1 });
  const plain = clusterOver((request) => simulator.fetch(request), undefined, simulator.tokens.root);
  const cluster = change(plain);
  const call = async (name: string, given: Record<string, unknown>, caller: Caller = {}): Promise<Answer> => {
    const tool = catalogue.find((one) => one.name === `proxmox_agent_${name}`);
    if (!tool) throw new Error(`no tool ${name}`);
    return callTool(tool, { vmid: 100, ...given }, cluster, caller);
  };
  const ask = async (endpoint: "POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-status") =>
    (await plain.client.request({ endpoint, values: { node: "pve1", vmid: 100 } })).data;
  return { call, ask, plain };
}

describe("what the agent says", () => {
  test.each([
    ["info", "osinfo", { record: { id: "debian" } }],
    ["info", "fsinfo", { rows: [{ mountpoint: "/", type: "ext4" }] }],
    ["info", "timezone", { record: { zone: "UTC" } }],
    ["hw", "hostname", { record: { "host-name": "web-01" } }],
    ["hw", "users", { summary: "0 users logged in to VM 100 (web-01)" }],
    ["hw", "memory_block_info", { record: { size: 134_217_728 } }],
    ["freeze", "status", { record: { status: "thawed" } }],
  ])("%s %s is unwrapped", async (tool, operation, expected) => {
    expect(await demo().call(tool, { operation })).toMatchObject({ outcome: "ok", ...expected });
  });

  test("of an interface has its addresses with their prefixes", async () => {
    const { rows } = await demo().call("info", { operation: "network_interfaces" });
    expect(rows?.map((row) => row["ip-addresses"])).toContainEqual(["192.0.2.200/24"]);
  });

  test("answers to `action` as well as to the seed's `operation`", async () => {
    expect((await demo().call("info", { action: "ping" })).outcome).toBe("ok");
    expect((await demo().call("info", {})).reason?.[0]).toStartWith("operation is missing");
  });

  test("that a mode isn't supported is an error, though PVE answers 200", async () => {
    const answer = await demo().call("power", { operation: "suspend_disk" });
    expect(answer.outcome).toBe("error");
    expect(answer.reason?.[0]).toContain("not supported");
  });
});

describe("a command in a VM", () => {
  test("is split into words, waited for, and answered with its output and code", async () => {
    const answer = await demo().call("exec", { operation: "exec", command: "uname -r" });
    expect(answer).toMatchObject({ outcome: "ok", record: { exitcode: 0 }, lines: ["6.12.48+deb13-amd64"] });
  });

  test("that fails is no success", async () => {
    expect(await demo().call("exec", { operation: "exec", command: "false" })).toMatchObject({
      outcome: "failed",
      kind: "command",
      record: { exitcode: 1 },
    });
  });

  test("gets its input and its arguments as a list", async () => {
    const { call } = demo();
    const answer = await call("exec", { operation: "exec", command: "cat", "input-data": "one\ntwo\n" });
    expect(answer.lines).toEqual(["one", "two"]);
    expect((await call("exec", { operation: "exec", command: "echo", args: ["a  b"] })).lines).toEqual(["a  b"]);
  });

  test("that runs longer than it is waited for is told as running, with its pid to ask for", async () => {
    const simulator = createSimulator({ seed: 1 });
    const cluster = clusterOver((request) => simulator.fetch(request), undefined, simulator.tokens.root);
    const tool = catalogue.find((one) => one.name === "proxmox_agent_exec");
    if (!tool) throw new Error("no tool");
    const answer = await callTool(tool, { operation: "exec", vmid: 100, command: "sleep 30", timeout: 1 }, cluster);
    expect(answer.outcome).toBe("running");
    const status = await callTool(tool, { operation: "status", vmid: 100, pid: answer.record?.pid }, cluster);
    expect(status.outcome).toBe("running");
  }, 10_000);

  test("with a character for a shell is refused before anything is sent", async () => {
    const sent: unknown[] = [];
    const answer = await demo().call(
      "exec",
      { operation: "exec", command: "ls; id" },
      { onRequest: (one) => sent.push(one.endpoint) },
    );
    expect(answer.reason?.[0]).toContain("command holds ; at place 3");
    expect(sent).not.toContain("POST /nodes/{node}/qemu/{vmid}/agent/exec");
  });

  test("tells the log its words, before it runs", async () => {
    const told: unknown[] = [];
    await demo().call(
      "exec",
      { operation: "exec", command: "echo secret" },
      { onCommand: (words) => told.push(words) },
    );
    expect(told).toEqual([["echo", "secret"]]);
  });

  test.each([
    ["no-such-program", 100, "no such program"],
    ["ls", 111, "Set agent=1"],
  ])("%s in VM %d says what stands in the way", async (command, vmid, said) => {
    const { reason = [] } = await demo().call("exec", { operation: "exec", command, vmid });
    expect(reason.join("\n")).toContain(said);
  });
});

describe("a file inside a VM", () => {
  test("is read as it was written, in parts, and no coding is done twice", async () => {
    const { call } = demo();
    const content = `${"größe\n".repeat(2000)}end`;
    expect((await call("file", { operation: "write", file: "/tmp/x", content })).outcome).toBe("ok");
    const exec = await call("exec", { operation: "exec", command: "cat /tmp/x" });
    expect(exec.lines?.[0]).toBe("größe");
    let text = "";
    for (let offset = 0; ; ) {
      const part = await call("file", { operation: "read", file: "/tmp/x", offset });
      const bytes = Number(part.record?.bytes);
      text += Buffer.from(content)
        .subarray(offset, offset + bytes)
        .toString();
      if (!part.notes) break;
      expect(part.notes[0]).toContain(`offset=${offset + bytes}`);
      offset += bytes;
    }
    expect(text).toHaveLength(content.length);
  });

  test("that is given in base64 is written as the bytes that it stands for", async () => {
    const { call } = demo();
    const content = Buffer.from("binary").toString("base64");
    await call("file", { operation: "write", file: "/tmp/y", content, encode: false });
    expect((await call("file", { operation: "read", file: "/tmp/y" })).lines).toEqual(["binary"]);
    const wrong = await call("file", { operation: "write", file: "/tmp/y", content: "ö", encode: false });
    expect(wrong.reason?.[0]).toContain("base64");
  });

  test("that is too long for the agent is refused with the limit", async () => {
    const { reason } = await demo().call("file", { operation: "write", file: "/tmp/z", content: "x".repeat(50_000) });
    expect(reason?.[0]).toContain("46080");
  });
});

describe("a guest that was frozen", () => {
  test("stays frozen when the call is done, and thaws when told", async () => {
    const { call, ask } = demo();
    expect((await call("freeze", { operation: "freeze" })).record).toEqual({ frozen: 1 });
    expect(await ask("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-status")).toEqual({ result: "frozen" });
    const refused = await call("exec", { operation: "exec", command: "ls" });
    expect(refused.reason?.[0]).toContain("has been disabled");
    expect((await call("freeze", { operation: "thaw" })).record).toEqual({ thawed: 1 });
  });

  test.each([
    ["cancelled", undefined],
    ["unknown-fate", undefined],
    ["timeout", 500],
  ] as const)("by a call that ended %s is thawed on the way out, and the answer says so", async (kind, status) => {
    const { call, ask } = demo((cluster) => ({
      ...cluster,
      client: {
        ...cluster.client,
        async request(request, options) {
          const answer = await cluster.client.request(request, options);
          if (!request.endpoint.endsWith("fsfreeze-freeze")) return answer;
          throw new PveError({ kind, ...(status && { status }), sentence: "The answer was lost.", next: "Look." });
        },
      },
    }));
    const answer = await call("freeze", { operation: "freeze" });
    expect(answer.outcome).toBe("error");
    expect(answer.reason?.join(" ")).toContain("thawed again");
    expect(await ask("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-status")).toEqual({ result: "thawed" });
  });
});
