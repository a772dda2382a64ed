// Commands over SSH against a server of our own: what comes back, every end that they can come to, and that nothing is left behind.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { failureOf, type How, processesWith, runIn, shellFor, stubborn, until } from "./runs.ts";
import { type Served, serve } from "./server.ts";

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const run = (words: readonly string[], { port = served.port, ...how }: How & { port?: number } = {}) =>
  runIn(shellFor(port), words, how);

describe("a command", () => {
  test("ends with its code, its output apart", async () => {
    const { end, stdout, stderr } = await run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"]);
    expect(end).toEqual({ ended: "code", code: 3 });
    expect([stdout.toString(), stderr.toString()]).toEqual(["out\n", "err\n"]);
  });

  test("that dies of a signal has no exit code of success", async () => {
    const { end } = await run(["/bin/sh", "-c", "kill -9 $$"]);
    expect(end).not.toEqual({ ended: "code", code: 0 });
  });

  test("gets its input, and what it writes comes byte for byte", async () => {
    expect((await run(["cat"], { input: "one\ntwo\n" })).stdout.toString()).toBe("one\ntwo\n");
    const { stdout } = await run(["printf", "\\377\\000\\200x"]);
    expect([...stdout]).toEqual([255, 0, 128, 120]);
  });

  test("gets an input larger than what is under way at once", async () => {
    const input = "0123456789abcdef".repeat(500_000);
    const { end, stdout } = await run(["md5sum"], { input });
    expect(end).toEqual({ ended: "code", code: 0 });
    expect(stdout.toString()).toStartWith(new Bun.CryptoHasher("md5").update(input).digest("hex"));
  });

  test("that reads nothing of its input ends all the same", async () => {
    const { end } = await run(["true"], { input: "x".repeat(8_000_000) });
    expect(end).toEqual({ ended: "code", code: 0 });
  });

  test("may write 20 MB", async () => {
    const { end, stdout } = await run(["head", "-c", "20000000", "/dev/zero"]);
    expect(end).toEqual({ ended: "code", code: 0 });
    expect(stdout.length).toBe(20_000_000);
  });

  test("that isn't there fails as the shell says", async () => {
    expect((await run(["no-such-program"])).end).toEqual({ ended: "code", code: 127 });
  });

  test("shares one connection with the others, eight at once and more in turn", async () => {
    const before = served.counts.connections;
    const shell = shellFor(served.port);
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => runIn(shell, ["echo", String(n)])));
    expect(all.map(({ stdout }) => stdout.toString().trim())).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
    expect(served.counts.connections).toBe(before + 1);
  });

  test("waits for a server that is full, and is told where it stays so", async () => {
    const busy = await serve({ refused: 2 });
    expect((await run(["true"], { port: busy.port })).end).toEqual({ ended: "code", code: 0 });
    await busy.close();
    const full = await serve({ most: 0 });
    expect((await failureOf(run(["true"], { port: full.port }))).next).toContain("MaxSessions");
    await full.close();
  }, 20_000);

  test("whose connection breaks is neither a success nor a failure", async () => {
    const brittle = await serve();
    const running = run(["sleep", "20"], { port: brittle.port });
    await until(() => brittle.counts.sessions === 1);
    brittle.cut();
    expect((await running).end.ended).toBe("broken");
    await brittle.close();
  });
});

describe("a server that", () => {
  test("was restarted between two commands is connected to anew", async () => {
    const first = await serve();
    const shell = shellFor(first.port);
    expect((await runIn(shell, ["true"])).end).toEqual({ ended: "code", code: 0 });
    await first.close();
    const second = await serve({ port: first.port });
    expect((await runIn(shell, ["true"])).end).toEqual({ ended: "code", code: 0 });
    expect(second.counts.connections).toBe(1);
    await second.close();
  });

  test("can't be reached fails each call, and nothing of that comes up later", async () => {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", keep);
    const shell = shellFor(1, {}, 10);
    const calls = [runIn(shell, ["true"]), runIn(shell, ["true"])];
    for (const call of calls) expect((await failureOf(call)).kind).toBe("unreachable");
    await Bun.sleep(100);
    process.off("unhandledRejection", keep);
    expect(unhandled).toEqual([]);
  });

  test("is used by two calls at once is connected to once, and left when no command comes for a while", async () => {
    const quiet = await serve();
    const shell = shellFor(quiet.port, {}, 50);
    await Promise.all([runIn(shell, ["true"]), runIn(shell, ["true"])]);
    expect(quiet.counts.connections).toBe(1);
    await until(() => quiet.counts.open === 0);
    expect((await runIn(shell, ["true"])).end).toEqual({ ended: "code", code: 0 });
    expect(quiet.counts.connections).toBe(2);
    await quiet.close();
  });

  test("doesn't greet keeps no cancelled call waiting, and the command is never sent", async () => {
    const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const started = Date.now();
    const { end } = await run(["true"], { port: silent.port, signal: AbortSignal.timeout(100) });
    expect(end).toEqual({ ended: "cancelled", reached: true });
    expect(Date.now() - started).toBeLessThan(5_000);
    silent.stop(true);
  });

  test("greets before the command doesn't hide what the command writes", async () => {
    const chatty = await serve({ greeting: "echo Welcome; printf 'no line end'; echo noise >&2; " });
    const { end, stdout } = await run(["echo", "out"], { port: chatty.port });
    expect(end).toEqual({ ended: "code", code: 0 });
    expect(stdout.toString()).toBe("out\n");
    await chatty.close();
  });

  test("gives no shell is told with its own words", async () => {
    const closed = await serve({ greeting: "echo This account is not available.; exit 1; " });
    const { kind, message } = await failureOf(run(["true"], { port: closed.port }));
    expect(kind).toBe("refused");
    expect(message).toContain("This account is not available.");
    await closed.close();
  });
});

describe("a command is really ended, itself and its children", () => {
  test("at its timeout", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const { end } = await run(stubborn(mark), { seconds: 1 });
    expect(end).toEqual({ ended: "timeout", reached: true });
    expect(await processesWith(mark)).toEqual([]);
  }, 15_000);

  test("when the call is cancelled", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const controller = new AbortController();
    const running = run(stubborn(mark), { signal: controller.signal });
    await until(async () => (await processesWith(mark)).length > 1);
    controller.abort();
    expect((await running).end).toEqual({ ended: "cancelled", reached: true });
    expect(await processesWith(mark)).toEqual([]);
  }, 15_000);

  test("eight at once, over a server with ten sessions, and over one that has none left for it", async () => {
    for (const most of [10, 8]) {
      const mark = `mark-${crypto.randomUUID()}`;
      const narrow = await serve({ most });
      const shell = shellFor(narrow.port);
      const controller = new AbortController();
      const all = Array.from({ length: 8 }, () => runIn(shell, stubborn(mark), { signal: controller.signal }));
      await until(async () => (await processesWith(mark)).length >= 16);
      controller.abort();
      for (const { end } of await Promise.all(all)) expect(end).toEqual({ ended: "cancelled", reached: true });
      expect(await processesWith(mark)).toEqual([]);
      await narrow.close();
    }
  }, 30_000);

  test("one that is cancelled while it waits for its turn is never sent", async () => {
    const busy = await serve();
    const shell = shellFor(busy.port);
    const controller = new AbortController();
    const all = Array.from({ length: 8 }, () => runIn(shell, ["sleep", "1"]));
    await until(() => busy.counts.sessions === 8);
    const waiting = runIn(shell, ["sleep", "2"], { signal: controller.signal });
    controller.abort();
    expect((await waiting).end).toEqual({ ended: "cancelled", reached: true });
    for (const { end } of await Promise.all(all)) expect(end).toEqual({ ended: "code", code: 0 });
    expect(busy.counts.sessions).toBe(8);
    await busy.close();
  });

  test("and nothing else can be ended that way: another process group is refused", async () => {
    const other = Bun.spawn(["sleep", "30"]);
    const wrapper = `${import.meta.dir}/../../dist/ssh/proxmox-mcp-pct`;
    const { status, stderr } = spawnSync(wrapper, ["end", String(other.pid)], { encoding: "utf8" });
    expect(status).toBe(126);
    expect(stderr).toContain("nothing that run began");
    expect(other.exitCode).toBeNull();
    other.kill();
  });
});
