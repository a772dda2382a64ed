import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { handouts } from "../../scripts/handout/handouts.ts";
import { commands, everywhere } from "../../src/commands/commands.ts";
import { allSettings } from "../../src/config/settings.ts";

const root = resolve(import.meta.dirname, "../..");
const files = Object.entries(handouts());

test.each(files)("%s is what scripts/handouts writes", (path, content) => {
  expect(readFileSync(resolve(root, path), "utf8")).toBe(content);
});

test.each(files)("%s names every command and every option", (_, content) => {
  const plain = content.replaceAll("\\-", "-");
  for (const { name, options } of commands) {
    expect(plain).toContain(name);
    for (const option of [...options, ...everywhere]) expect(plain).toMatch(new RegExp(`(--|-l )${option.name}\\b`));
  }
});

test("the manual page names every setting, what is allowed, and its default", () => {
  const page = readFileSync(resolve(root, "dist/man/proxmox-mcp.1"), "utf8").replaceAll("\\-", "-");
  for (const { name, default: standard } of allSettings) {
    expect(page).toContain(name);
    if (standard !== undefined) expect(page).toContain(`Default: ${standard}.`);
  }
});
