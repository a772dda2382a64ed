// The skills keep the rules of Agent Skills, their budgets, and have every tool once.
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { tierOf } from "../../src/toolkit/kind.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { documents, documentsOf, headOf, read, root, skills } from "./documents.ts";

/** The rules of a skill's head: agentskills.io, the specification as published in December 2025. */
const rules = {
  name: { pattern: /^[a-z0-9]+(?:-[a-z0-9]+)*$/, longest: 64 },
  description: { longest: 1024 },
  compatibility: { longest: 500 },
  fields: ["name", "description", "license", "compatibility", "metadata", "allowed-tools"],
};
const tokens = { metadata: 120, skill: 5000, reference: 4000 };

describe.each([...skills])("the skill %s", (skill) => {
  const document = read(`skills/${skill}/SKILL.md`);
  const { head } = headOf(document);

  test("has the head that Agent Skills ask for", () => {
    expect(head.name).toBe(skill);
    expect(skill).toMatch(rules.name.pattern);
    expect(skill.length).toBeLessThanOrEqual(rules.name.longest);
    expect(head.description?.length).toBeWithin(1, rules.description.longest + 1);
    expect(head.compatibility?.length).toBeWithin(1, rules.compatibility.longest + 1);
    expect(Object.keys(head).filter((field) => !rules.fields.includes(field))).toEqual([]);
  });

  test("costs about 100 tokens as long as it isn't read", () => {
    expect(countTokens(`${head.name}: ${head.description}`)).toBeLessThanOrEqual(tokens.metadata);
  });

  test("is read for less than 5,000 tokens", () => {
    expect(countTokens(document.text)).toBeLessThan(tokens.skill);
  });

  test.each(documentsOf(skill).slice(1))("has a reference below 4,000 tokens: $path", ({ text }) => {
    expect(countTokens(text)).toBeLessThan(tokens.reference);
  });

  test("links every reference", () => {
    const names = documentsOf(skill).map(({ path }) => basename(path));
    expect(names.slice(1).filter((name) => !document.text.includes(`(references/${name})`))).toEqual([]);
  });
});

test.each(documents())("every link of $path leads to a file of the same skill", ({ path, text }) => {
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = ""]) => link);
  const skill = path.split("/").slice(0, 2).join("/");
  const targets = links.map((link) => join(dirname(path), link));
  expect(targets.filter((target) => !target.startsWith(`${skill}/`) || !existsSync(join(root, target)))).toEqual([]);
});

describe("the tool reference", () => {
  const chapters = documentsOf("proxmox-mcp-tools")
    .slice(1)
    .flatMap(({ text }) => text.split(/^(?=## )/m).slice(1))
    .map((chapter) => ({ name: /^## (\w+)/.exec(chapter)?.[1] ?? "", chapter }));

  test("has every tool once", () => {
    expect(chapters.map(({ name }) => name).sort()).toEqual(catalogue.map(({ name }) => name).sort());
  });

  test("has every action with its tier", () => {
    const missing = catalogue.flatMap(({ name, operations }) => {
      const rows = chapters.find((one) => one.name === name)?.chapter.split("\n") ?? [];
      const isThere = (action: string, lock: boolean) =>
        rows.some((row) => row.startsWith(`| ${action || "—"} | `) && row.includes(lock ? "| 🔒 " : "| basic |"));
      return [...operations].flatMap(([action, { kind }]) =>
        isThere(action, tierOf(kind) === "elevated") ? [] : [`${name} ${action}`],
      );
    });
    expect(missing).toEqual([]);
  });

  test("is announced with the number of tools that there are", () => {
    expect(headOf(read("skills/proxmox-mcp-tools/SKILL.md")).head.description).toContain(
      `the ${catalogue.length} proxmox_* tools`,
    );
  });
});
