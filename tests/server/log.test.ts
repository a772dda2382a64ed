import { describe, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CallLog, createLog, type LogLevel } from "../../src/server/log.ts";

const upid = "UPID:pve1:000ABCDE:0003C6F4:6B0594B9:qmstart:100:root@pam!mcp:";

/** What a log of that level has written after `use`. */
async function lines(level: LogLevel, use: (log: CallLog) => void, secrets: string[] = []) {
  const path = join(mkdtempSync(join(tmpdir(), "log-")), "stderr");
  const fd = openSync(path, "w");
  const log = createLog({ level, secrets, fd });
  use(log);
  await log.written();
  const text = readFileSync(path, "utf8");
  closeSync(fd);
  return text.split("\n").flatMap((line): Record<string, unknown>[] => (line === "" ? [] : [JSON.parse(line)]));
}

function started(log: CallLog): void {
  const entry = log.begin("proxmox_guest_start", { vmid: "web-01", password: "planted-word" });
  entry.request({ endpoint: "GET /cluster/resources", milliseconds: 3, status: 200 });
  const start = "POST /nodes/{node}/qemu/{vmid}/status/start";
  entry.request({ endpoint: start, node: "pve1", vmid: 100, milliseconds: 4.4, status: 200 });
  entry.end({ outcome: "ok", summary: "planted-word", task: { upid } });
}

describe("a tool call", () => {
  test("is one line: tool, guest, node, requests, outcome, task, duration, and no argument beside", async () => {
    const [line = {}, ...others] = await lines("info", started);
    expect(others).toEqual([]);
    const { time, ms, ...rest } = line;
    expect(rest).toEqual({
      level: 30,
      tool: "proxmox_guest_start",
      guest: 100,
      node: "pve1",
      outcome: "ok",
      task: upid,
      requests: 2,
    });
    expect(String(time)).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(Number(ms)).toBeGreaterThanOrEqual(0);
  });

  test("that failed is a warning with the kind of the error", async () => {
    const [line] = await lines("warn", (log) => {
      log
        .begin("proxmox_vm_disk", { action: "add", vmid: 100, node: "pve1" })
        .end({ outcome: "error", summary: "x", kind: "locked" });
    });
    expect(line).toMatchObject({
      level: 40,
      action: "add",
      guest: 100,
      node: "pve1",
      outcome: "error",
      kind: "locked",
      requests: 0,
    });
  });

  test("has a line for each of its requests at debug, before its own", async () => {
    const all = await lines("debug", started);
    expect(all.map(({ level, request, tool }) => [level, request ?? tool])).toEqual([
      [20, "GET /cluster/resources"],
      [20, "POST /nodes/{node}/qemu/{vmid}/status/start"],
      [30, "proxmox_guest_start"],
    ]);
    expect(all[1]).toMatchObject({ node: "pve1", guest: 100, ms: 4, status: 200 });
  });

  test("keeps what isn't a name out: an argument in its place may be anything", async () => {
    const [line] = await lines("info", (log) => {
      log
        .begin("t", { vmid: { password: "x" }, node: "my password is x", action: 'a"b' })
        .end({ outcome: "ok", summary: "" });
    });
    expect(Object.keys(line ?? {}).sort()).toEqual(["level", "ms", "outcome", "requests", "time", "tool"]);
  });
});

test("a problem goes through the scrubber, and the secrets of the settings with it", async () => {
  const [line] = await lines("info", (log) => log.problem(new Error("password=planted-word and hunter22-x")), [
    "hunter22",
  ]);
  expect(line?.problem).toBe("password=********** and **********-x");
});

test("silent writes nothing", async () => {
  expect(await lines("silent", started)).toEqual([]);
});
