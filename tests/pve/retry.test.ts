import { describe, expect, test } from "bun:test";
import { PveError, type PveErrorKind } from "../../src/pve/errors.ts";
import { mayRepeat } from "../../src/pve/retry.ts";

const error = (kind: PveErrorKind, sent?: boolean) =>
  new PveError({ kind, sentence: "x", next: "y", ...(sent !== undefined && { sent }) });

describe("an attempt may be repeated", () => {
  test.each(["POST", "PUT", "DELETE"])("with %s only when it is certain that nothing was sent", (method) => {
    expect(mayRepeat(method, error("unreachable", false))).toBe(true);
    expect(mayRepeat(method, error("unreachable", true))).toBe(false);
    expect(mayRepeat(method, error("node-down"))).toBe(false);
    expect(mayRepeat(method, error("unknown-fate", true))).toBe(false);
  });

  test("never after a certificate was refused, a refusal of PVE or a cancellation", () => {
    for (const kind of ["tls", "forbidden", "locked", "cancelled", "refused"] as const) {
      expect(mayRepeat("GET", error(kind, false))).toBe(false);
    }
  });
});
