// A node's logs and tasks, of genuine bodies and over the embedded cluster.
import { describe, expect, test } from "bun:test";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { textOf } from "../../src/server/text.ts";
import { demo, told } from "./demo.ts";
import { failedLog, failedTask } from "./recorded/nodes.ts";

const node = "pve1";

/** A cluster whose node has done something: `count` tasks of a service. */
async function busy(count = 3) {
  const cluster = demo();
  for (let index = 0; index < count; index++)
    await cluster.ask("POST", `/nodes/${node}/services/${index % 2 === 0 ? "cron" : "postfix"}/restart`);
  await cluster.ask("POST", `/nodes/${node}/services/chrony/start`);
  await cluster.ask("GET", "/version");
  return cluster;
}

describe("the log of a node", () => {
  test.each(["syslog", "journal"])("shows its newest lines, as text: %s", async (action) => {
    const { call } = await busy();
    const { lines = [] } = await call("node_log", { action, node });
    expect(lines.at(-1)).toContain("srvstart:chrony");
    expect(lines.join("\n")).not.toMatch(/N\/A|undefined|^s=/m);
  });

  test("shows as many as are asked for, from its end", async () => {
    const { call } = await busy(20);
    const all = (await call("node_log", { action: "syslog", node, limit: 0 })).lines ?? [];
    expect((await call("node_log", { action: "syslog", node, limit: 3 })).lines).toEqual(all.slice(-3));
    expect((await call("node_log", { action: "syslog", node, limit: 2, start: 1 })).lines).toEqual(all.slice(1, 3));
    const journal = await call("node_log", { action: "journal", node, lastentries: 3 });
    expect(journal.lines).toEqual(all.slice(-3));
  });

  test.each(["syslog", "journal"])("is narrowed to a service and a time, in whichever form: %s", async (action) => {
    const { call } = await busy();
    const of = async (given: object) => (await call("node_log", { action, node, ...given })).lines?.join("\n") ?? "";
    expect(await of({ service: "pvedaemon" })).toContain("starting task");
    expect(await of({ service: "cron" })).not.toContain("starting task");
    const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
    expect(await of({ since: ago(3600) })).not.toContain("Started cron.service");
    expect(await of({ since: ago(3600) })).toContain("srvrestart");
    expect(await of({ until: new Date(ago(3600) * 1000).toISOString() })).not.toContain("srvrestart");
    expect((await call("node_log", { action, node, since: "yesterday" })).kind).toBe("arguments");
  });

  test("asks PVE in the node's own zone", async () => {
    const { call, ask } = await busy();
    await ask("PUT", "/nodes/pve1/time", { timezone: "Asia/Tokyo" });
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { lines = [] } = await call("node_log", { action: "syslog", node, since });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("\n")).not.toContain("Started cron.service");
  });

  test.each(["syslog", "journal"])(
    "stays within 8,000 tokens, and keeps its end where it is cut: %s",
    async (action) => {
      const { call } = await busy(150);
      const usual = await call("node_log", { action, node });
      expect(encode(textOf(usual, 0)).length).toBeLessThanOrEqual(8000);
      const long = await call("node_log", {
        action,
        node,
        ...(action === "syslog" ? { limit: 0 } : { lastentries: 400 }),
      });
      expect(long.notes?.join(" ")).toContain("Cut: the last");
      for (const { lines } of [usual, long]) expect(lines?.at(-1)).toContain("srvstart:chrony");
    },
  );
});

describe("the tasks of a node", () => {
  test("are listed newest first, running ones among them, with their times", async () => {
    const cluster = demo({ timed: true });
    await cluster.call("guest_stop", { vmid: 103 });
    await cluster.call("guest_start", { vmid: 103, wait: 0 });
    const answer = await cluster.call("node_task", { action: "list", node });
    expect(answer.rows?.map(({ type, status }) => [type, status])).toEqual([
      ["vzstart", "RUNNING"],
      ["vzstop", "OK"],
    ]);
    expect(textOf(answer, 0)).toContain("2026-11-24T12:00:0");
  });

  test.each([
    [{ errors: true }, ["srvstart"]],
    [{ typefilter: "srvstart" }, ["srvstart"]],
    [{ statusfilter: "ok", limit: 1 }, ["srvrestart"]],
    [{ userfilter: "nobody" }, []],
    [{ since: "2100-01-01" }, []],
    [{ until: 1_000_000_000 }, []],
    [{ vmid: "web-01" }, []],
    [{ source: "active" }, []],
    [{ start: 3 }, ["srvrestart"]],
  ])("are filtered: %o", async (filter, types) => {
    const { call } = await busy();
    expect((await call("node_task", { action: "list", node, ...filter })).rows?.map(({ type }) => type)).toEqual(types);
  });

  test("stay within 8,000 tokens", async () => {
    const answer = await (await busy(100)).call("node_task", { action: "list", node });
    expect(answer.rows).toHaveLength(50);
    expect(encode(textOf(answer, 0)).length).toBeLessThanOrEqual(8000);
  });

  test("have their real end, in words and with the end of their log", async () => {
    const { upid } = failedTask;
    const bodies = {
      "/status": failedTask,
      "/log": failedLog,
      "/tasks": [{ ...failedTask, endtime: failedTask.starttime + 2 }],
    };
    const { answer, text } = await told("node_task", { action: "get", upid, node: "pve3" }, bodies);
    expect(answer.summary).toBe("Task srvreload on pve3: ended with command 'ifreload -a' failed: exit code 1");
    expect(answer.record).toMatchObject({ status: "stopped", exitstatus: failedTask.exitstatus, took: 2 });
    expect(text).toContain(failedLog[0]?.t ?? "");
    expect(text).not.toMatch(/N\/A|undefined/);
  });

  test("are found by their UPID alone, that of an API token included, whatever node is named", async () => {
    const { call } = await busy();
    const { rows = [] } = await call("node_task", { action: "list", node, errors: true });
    const upid = String(rows[0]?.upid);
    expect(upid).toContain("!");
    for (const other of [undefined, "pve1", "pve3"]) {
      const answer = await call("node_task", { action: "get", upid, node: other });
      expect(answer.record).toMatchObject({ type: "srvstart", id: "chrony", node: "pve1" });
    }
    expect((await call("node_task", { action: "get", upid: "UPID:nonsense" })).kind).toBe("arguments");
  });

  test("have a log that is read by pages, the newest first", async () => {
    const { call } = await busy();
    const { rows = [] } = await call("node_task", { action: "list", node, errors: true });
    const log = async (given: object) =>
      (await call("node_task", { action: "log", upid: rows[0]?.upid, ...given })).lines;
    const [first, last] = (await log({})) ?? [];
    expect(first).toContain("Failed to start chrony.service");
    expect(last).toStartWith("TASK ERROR");
    expect(await log({ limit: 1 })).toEqual([last ?? ""]);
    expect(await log({ start: 0, limit: 1 })).toEqual([first ?? ""]);
  });

  test("are stopped, and told as what became of them", async () => {
    const { call, record } = demo({ timed: true });
    const shutdown = await call("guest_shutdown", { vmid: 102, wait: 0 });
    const upid = String(shutdown.task?.upid);
    const answer = await call("node_task", { action: "stop", upid });
    expect(answer).toMatchObject({ outcome: "ok", summary: "The task has ended: received interrupt" });
    expect(await record(`/nodes/pve1/tasks/${upid}/status`)).toMatchObject({ exitstatus: "received interrupt" });
  });
});
