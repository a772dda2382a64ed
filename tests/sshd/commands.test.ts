// What a real sshd does to commands: many at once, much output, no session left, a connection that is cut, processes that stay.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createShell } from "../../src/ssh/shell.ts";
import { failureOf, processesWith, runIn, stubborn, until } from "../ssh/runs.ts";
import { type Sshd, startSshd, type Way } from "./sshd.ts";

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

const shellOf = (way: Way) => createShell(sshd.settings(way));
const logins = () => sshd.log().match(/Accepted publickey/g)?.length ?? 0;

describe("a command", () => {
  test("may write 20 MB", async () => {
    const { end, stdout } = await runIn(shellOf("root"), ["head", "-c", "20000000", "/dev/zero"]);
    expect(end).toEqual({ ended: "code", code: 0 });
    expect(stdout.length).toBe(20_000_000);
  });

  test("shares its connection with seven others at once, and more in turn", async () => {
    const before = logins();
    const shell = shellOf("root");
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => runIn(shell, ["echo", String(n)])));
    expect(all.map(({ stdout }) => stdout.toString().trim())).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
    expect(logins()).toBe(before + 1);
  });

  test("can be ended with the seven others at once", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const shell = shellOf("sudoer");
    const controller = new AbortController();
    const all = Array.from({ length: 8 }, () => runIn(shell, stubborn(mark), { signal: controller.signal }));
    await until(async () => (await processesWith(`: ${mark}`)).length >= 16);
    controller.abort();
    for (const { end } of await Promise.all(all)) expect(end).toEqual({ ended: "cancelled", reached: true });
    expect(await processesWith(mark)).toEqual([]);
  });

  test("that leaves a process which holds its output is told with its code, without waiting for that", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const started = Date.now();
    const { end, stdout } = await runIn(shellOf("root"), ["/bin/sh", "-c", `(sleep 20; : ${mark}) & echo $!`]);
    expect(end).toEqual({ ended: "code", code: 0, lingers: true });
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(await processesWith(mark)).not.toEqual([]);
    sshd.kill(stdout.toString().trim());
  });

  test("whose leftover goes on writing ends at its timeout with its own code", async () => {
    const chatter = ["/bin/sh", "-c", "(for n in 1 2 3 4 5 6 7 8; do sleep 0.5; echo $n; done) & exit 4"];
    const { end } = await runIn(shellOf("root"), chatter, { seconds: 2 });
    expect(end).toEqual({ ended: "code", code: 4, lingers: true });
  });

  test("whose connection is cut is neither a success nor a failure, and the next one is connected anew", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const shell = shellOf("root");
    const running = runIn(shell, ["/bin/sh", "-c", `sleep 5; : ${mark}`]);
    await until(async () => (await processesWith(`: ${mark}`)).length > 0);
    sshd.cut();
    expect((await running).end.ended).toBe("broken");
    expect((await runIn(shell, ["true"])).end).toEqual({ ended: "code", code: 0 });
  });
});

describe("a server with a single session", () => {
  test("runs one command after the other, and says which setting allows more", async () => {
    const shell = shellOf("narrow");
    const long = runIn(shell, ["sleep", "8"]);
    await until(async () => (await processesWith("sleep 8")).length > 0);
    const { kind, message, next } = await failureOf(runIn(shell, ["true"]));
    expect([kind, message, next].join(" ")).toMatch(/unreachable .*no further session.*Nothing was run.*MaxSessions/);
    expect((await long).end).toEqual({ ended: "code", code: 0 });
  }, 30_000);

  test("has its command ended all the same, over a connection of its own", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const { end } = await runIn(shellOf("narrow"), stubborn(mark), { seconds: 1 });
    expect(end).toEqual({ ended: "timeout", reached: true });
    expect(await processesWith(mark)).toEqual([]);
  });
});
