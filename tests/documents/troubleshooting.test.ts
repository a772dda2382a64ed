import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { said } from "../../scripts/documents/said.ts";
import { troubleshootingDocument } from "../../scripts/documents/troubleshooting.ts";
import { pveErrorKinds } from "../../src/pve/errors.ts";
import { kindOf } from "../../src/pve/kinds.ts";

const page = readFileSync(`${import.meta.dir}/../../docs/troubleshooting.md`, "utf8");

describe("docs/troubleshooting.md", () => {
  test("is the one that follows from the program", () => {
    expect(page).toBe(troubleshootingDocument());
  });

  test.each([...pveErrorKinds, "settings", "arguments", "command"])("has a chapter on %s, with a cure", (kind) => {
    const chapter = page.split(`\n### ${kind}\n`)[1]?.split("\n### ")[0] ?? "";
    expect(chapter.trim().length).toBeGreaterThan(40);
  });

  test.each(said)("shows a sentence under the kind that it is: $text", ({ kind, status = 500, text }) => {
    expect(kindOf(status, text)).toBe(kind);
  });
});
