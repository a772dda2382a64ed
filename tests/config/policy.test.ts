import { describe, expect, test } from "bun:test";
import { type PolicySettings, readPolicy } from "../../src/config/policy.ts";
import { config } from "./read.ts";

const narrowing = { toolsets: [], tools: [], excluded: [] };

describe("what the tools may do", () => {
  test("is read apart from where the cluster is, and the same in a Config", () => {
    const env = { PROXMOX_ALLOW_ELEVATED: "TRUE", PROXMOX_READ_ONLY: "no", PROXMOX_DENY: "exec" };
    const policy: PolicySettings = { elevated: true, readOnly: false, deny: ["exec"], narrowing };
    expect(readPolicy({ ...env, PROXMOX_PORT: "x" }, false)).toEqual({ policy, mistakes: [] });
    expect(config(env).policy).toEqual(policy);
  });

  test("stands at the usual when PROXMOX_ALLOW_ELEVATED isn't set, and only then", () => {
    expect(readPolicy({}, true).policy.elevated).toBe(true);
    expect(readPolicy({}, false).policy.elevated).toBe(false);
    expect(readPolicy({ PROXMOX_ALLOW_ELEVATED: "no" }, true).policy.elevated).toBe(false);
  });

  test("stands at its most careful where a value can't be read, and that is told", () => {
    const { policy, mistakes } = readPolicy(
      { PROXMOX_ALLOW_ELEVATED: "ja", PROXMOX_READ_ONLY: "ja", PROXMOX_DENY: "all" },
      true,
    );
    expect(policy).toEqual({
      elevated: false,
      readOnly: true,
      deny: ["destroy", "exec", "reveal", "write"],
      narrowing,
    });
    expect(mistakes).toHaveLength(3);
  });

  test("tells a misspelt variable of its own, and leaves the others to the whole", () => {
    const { mistakes } = readPolicy({ PROXMOX_READONLY: "true", PROXMOX_HSOT: "x" }, false);
    expect(mistakes.map((line) => line.split(" ")[0])).toEqual(["PROXMOX_READONLY"]);
  });
});
