import { describe, expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer";
import { instructionsFor } from "../../src/server/instructions.ts";

const either = [false, true];
const modes = either.flatMap((demo) =>
  either.flatMap((narrowed) =>
    either.flatMap((readOnly) => either.map((elevated) => ({ demo, narrowed, readOnly, elevated }))),
  ),
);

describe.each(modes)("the instructions of %o", (mode) => {
  const text = instructionsFor(mode);

  test("take fewer than 300 tokens", () => {
    expect(countTokens(text)).toBeLessThan(300);
  });

  test("say what the listing leaves to them", () => {
    expect(text).toContain("what is in `required` is left out");
    expect(text).toContain("`…create` stands for those of create");
    expect(text).toContain("`wait`: seconds");
    expect(text).toMatch(/`node` and `type` .* looked up/);
  });

  test("say how the server runs, and nothing else", () => {
    expect(text.includes("demo cluster")).toBe(mode.demo);
    expect(text.includes("Only some of the tools")).toBe(mode.narrowed);
    expect(text.includes("read-only: nothing can be changed")).toBe(mode.readOnly);
    expect(text.includes("PROXMOX_ALLOW_ELEVATED")).toBe(!mode.readOnly && !mode.elevated);
  });
});
