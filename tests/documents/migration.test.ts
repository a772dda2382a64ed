import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { faults } from "../../scripts/documents/migration.ts";
import { table } from "../../scripts/parity-run/table.ts";

const root = `${import.meta.dir}/../..`;
const all = faults();
const page = readFileSync(`${root}/docs/migration.md`, "utf8");

describe("the operations that failed or were answered wrongly in the seed project", () => {
  test("are 115, each an operation of the table and each once", () => {
    const labels = all.map(({ tool, variant }) => `${tool} ${variant}`);
    expect(new Set(labels).size).toBe(115);
    const known = table().map(({ tool, variant }) => `${tool} ${variant}`);
    expect(labels.filter((label) => !known.includes(label))).toEqual([]);
  });

  test.each(all)("$tool $variant has a sentence on what is right here", ({ there, here }) => {
    expect(there).toMatch(/^(?:failed|wrong|partly)$/);
    expect(here).toMatch(/^[A-Z].{10,170}[.…]$|^[a-z]\w*.{10,170}\.$/);
  });

  test("are all that the facts beside the project name, where these are", () => {
    const facts = `${root}/../shared/parity/operations.tsv`;
    if (!existsSync(facts)) {
      process.stderr.write("there is no ../shared/parity: nothing to compare with\n");
      return;
    }
    const words: Readonly<Record<string, string>> = { BROKEN: "failed", WRONG: "wrong", PARTIAL: "partly" };
    const lines = readFileSync(facts, "utf8").trimEnd().split("\n").slice(1);
    const faulty = lines.flatMap((line) => {
      const [tool = "", variant = "", , , , , fault = ""] = line.split("\t");
      const there = words[/^[A-Z]+(?=:)/.exec(fault)?.[0] ?? ""];
      return there ? [{ tool, variant, there }] : [];
    });
    expect(all.map(({ tool, variant, there }) => ({ tool, variant, there }))).toEqual(faulty);
  });
});

test("docs/migration.md names every setting as the program knows it", () => {
  const settings = readFileSync(`${root}/src/config/settings.ts`, "utf8");
  const named = new Set(page.match(/PROXMOX_[A-Z_]+/g));
  expect([...named].filter((name) => !settings.includes(`"${name}"`))).toEqual([]);
});
