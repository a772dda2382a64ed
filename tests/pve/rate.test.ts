import { describe, expect, test } from "bun:test";
import { PveError } from "../../src/pve/errors.ts";
import { createRate } from "../../src/pve/rate.ts";
import { createJumpingClock } from "./stand-in.ts";

function said(call: () => void): string {
  try {
    call();
    return "through";
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    return `${error.kind} ${error.sent} ${error.next}`;
  }
}

describe("a rate limit", () => {
  test("lets so many through a minute, and answers the next with the seconds to wait", () => {
    const clock = createJumpingClock();
    const rate = createRate(3, clock);
    for (const at of [0, 10_000, 10_000]) {
      clock.move(at);
      expect(said(rate)).toBe("through");
    }
    expect(said(rate)).toBe("refused false Wait 40 seconds and call again.");
    clock.move(39_500);
    expect(said(rate)).toBe("refused false Wait 1 second and call again.");
    clock.move(500);
    expect(said(rate)).toBe("through");
    expect(said(rate)).toBe("refused false Wait 10 seconds and call again.");
  });

  test("never lets more through in any minute", () => {
    const clock = createJumpingClock();
    const rate = createRate(20, clock);
    const through: number[] = [];
    for (let count = 0; count < 2_000; count++) {
      clock.move(137);
      if (said(rate) === "through") through.push(clock.now());
    }
    expect(through.length).toBeGreaterThan(80);
    for (const [index, time] of through.slice(20).entries())
      expect(time - (through[index] ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  test("of 0 lets everything through", () => {
    const rate = createRate(0, createJumpingClock());
    expect(Array.from({ length: 5_000 }, () => said(rate)).every((one) => one === "through")).toBe(true);
  });
});
