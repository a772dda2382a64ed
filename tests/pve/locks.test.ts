import { describe, expect, test } from "bun:test";
import type { PveRequest } from "../../src/pve/client.ts";
import { type Answer, createStandIn, data, failure, refusal } from "./stand-in.ts";

const config: PveRequest = {
  endpoint: "PUT /nodes/{node}/qemu/{vmid}/config",
  values: { node: "pve1", vmid: 102, cores: 2 },
};
const timeout = "can't lock file '/var/lock/qemu-server/lock-102.conf' - got timeout";

/** Answers so often with the lock's refusal, after the seconds that PVE waits itself, and then with success. */
function locked(times: number, text = timeout, seconds = 10, status = 500) {
  let left = times;
  const pve = createStandIn((): Answer => {
    if (left-- <= 0) return data(null);
    pve.clock.move(seconds * 1000);
    return refusal(status, text);
  });
  return pve;
}

describe("a write that PVE refused whole because of a lock", () => {
  test.each([
    timeout,
    "VM is locked (backup)",
    "CT is locked (snapshot)",
    "create user failed: cfs-lock 'file-user_cfg' error: got lock request timeout",
    "unable to acquire pmxcfs lock",
  ])("waits and is tried again: %s", async (text) => {
    const pve = locked(2, text, 1);
    expect((await pve.client.request(config)).data).toBe(null);
    expect(pve.asked.length).toBe(3);
    expect(pve.clock.sleeps.length).toBe(2);
  });

  test("is given up after half a minute, and says how long it was tried", async () => {
    const pve = locked(99);
    const error = await failure(pve.client.request(config));
    expect([error.kind, error.sentence]).toEqual(["locked", timeout]);
    expect(error.next).toMatch(/^PVE refused it 3 times within 3\d s\. /);
    expect(pve.clock.now()).toBeLessThan(45_000);
  });

  test("counts its wait from when it was called: those who wait for each other's turn don't add up", async () => {
    const pve = locked(999, "VM is locked (backup)", 1);
    const begin = pve.clock.now();
    await Promise.all([1, 2, 3, 4, 5].map(() => failure(pve.client.request(config))));
    expect(pve.clock.now() - begin).toBeLessThan(40_000);
  });

  test("is tried at most some twenty times where PVE refuses at once", async () => {
    const pve = locked(999, "VM is locked (backup)", 0);
    await failure(pve.client.request(config));
    expect(pve.asked.length).toBeLessThan(25);
    expect(pve.clock.now()).toBeLessThanOrEqual(30_000);
  });

  test("is refused at once where waiting can't help: a suspended guest stays locked", async () => {
    const pve = locked(1, "VM is locked (suspended)", 0);
    expect((await failure(pve.client.request(config))).kind).toBe("locked");
    expect(pve.asked.length).toBe(1);
  });

  test("that is cancelled while it waits has changed nothing", async () => {
    const controller = new AbortController();
    const pve = createStandIn(() => {
      setTimeout(() => controller.abort(), 0);
      return refusal(500, timeout);
    });
    const waiting = { ...pve.clock, sleep: () => new Promise<void>((_, reject) => setTimeout(() => reject(), 5)) };
    Object.assign(pve.clock, waiting);
    expect((await failure(pve.client.request(config, { signal: controller.signal }))).kind).toBe("cancelled");
    expect(pve.asked.length).toBe(1);
  });
});

test("a write whose answer was lost isn't repeated, whatever lock its text speaks of", async () => {
  const pve = locked(1, timeout, 0, 596);
  expect((await failure(pve.client.request(config))).kind).toBe("unknown-fate");
  expect(pve.asked.length).toBe(1);
});
