import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

const base = "/nodes/pve1/qemu/100/agent";

describe("a guest agent", () => {
  test("answers wrapped, names the guest and its addresses", async () => {
    const { ask } = side();
    expect((await ask("POST", `${base}/ping`)).data).toEqual({ result: {} });
    expect((await ask("GET", `${base}/get-host-name`)).data).toEqual({ result: { "host-name": "web-01" } });
    const { result } = record((await ask("GET", `${base}/network-get-interfaces`)).data);
    expect(rows(result).map((row) => row.name)).toEqual(["lo", "ens18"]);
  });

  test("runs a program, whose result can be fetched once", async () => {
    const { ask } = side();
    const { pid } = record((await ask("POST", `${base}/exec`, { command: "hostname" })).data);
    const status = { pid: String(pid) };
    expect((await ask("GET", `${base}/exec-status`, status)).data).toEqual({
      exitcode: 0,
      exited: 1,
      "out-data": "web-01\n",
      "out-truncated": 0,
    });
    expect((await ask("GET", `${base}/exec-status`, status)).message).toBe("Agent error: PID ld does not exist\n");
  });

  test("breaks the connection over a program that isn't there: 596 with an empty body", async () => {
    const { ask } = side();
    const answer = await ask("POST", `${base}/exec`, { command: "/no/such/prog" });
    expect([answer.status, answer.reason, answer.text]).toEqual([596, "Broken pipe", ""]);
  });

  test("keeps a file until the guest is off", async () => {
    const { ask, run } = side();
    await ask("POST", `${base}/file-write`, { file: "/root/a.txt", content: "abc äöü\n" });
    expect((await ask("GET", `${base}/file-read`, { file: "/root/a.txt" })).data).toEqual({
      "bytes-read": 11,
      content: "abc äöü\n",
    });
    await run("POST", "/nodes/pve1/qemu/100/status/stop");
    expect((await ask("GET", `${base}/file-read`, { file: "/root/a.txt" })).message).toBe("VM 100 is not running\n");
  });

  test("runs nothing while the file systems are frozen", async () => {
    const { ask } = side();
    expect((await ask("POST", `${base}/fsfreeze-freeze`)).data).toEqual({ result: 1 });
    expect((await ask("POST", `${base}/fsfreeze-status`)).data).toEqual({ result: "frozen" });
    expect((await ask("POST", `${base}/exec`, { command: "true" })).message).toBe(
      "Agent error: Command guest-exec has been disabled: the command is not allowed\n",
    );
    expect((await ask("POST", `${base}/fsfreeze-thaw`)).data).toEqual({ result: 1 });
  });

  test("that isn't configured, or isn't up yet, is a 500", async () => {
    const { ask, pass } = side();
    expect((await ask("POST", "/nodes/pve2/qemu/130/agent/ping")).message).toBe("No QEMU guest agent configured\n");
    await ask("PUT", "/nodes/pve3/qemu/111/config", { agent: "1" });
    expect((await ask("POST", "/nodes/pve3/qemu/111/agent/ping")).message).toBe("VM 111 is not running\n");
    await ask("POST", "/nodes/pve1/qemu/100/status/reset");
    pass(1500);
    expect((await ask("POST", `${base}/ping`)).message).toBe("QEMU guest agent is not running\n");
    pass(5000);
    expect((await ask("POST", `${base}/ping`)).status).toBe(200);
  });
});
