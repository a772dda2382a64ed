// What the skills name is there: tools, actions, arguments, settings, values, and PVE's own texts as PVE says them.
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { settings } from "../../src/config/settings.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { propertyString } from "../../src/schema/property-string.ts";
import { argumentsOf, endpointsOf } from "../../src/toolkit/arguments.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { documents, quotesOf, read, root } from "./documents.ts";
import { pattern } from "./play.ts";
import { recordedTexts } from "./recorded.ts";

const agents = readdirSync(join(root, "agents")).map((name) => read(`agents/${name}`));
const pages = [...documents(), ...agents, read("AGENTS.md")];
/** The pages that people wrote; the reference is generated from what it names. */
const written = pages.filter(({ path }) => !path.startsWith("skills/proxmox-mcp-tools/references/"));

const tools = new Map(catalogue.map((tool) => [tool.name, tool]));
const taken = catalogue.flatMap((tool) =>
  [...tool.operations].flatMap(([action, operation]) => {
    const all = endpointsOf(operation).flatMap((at) => argumentsOf(operation, at));
    return all.map((argument) => ({ action, chooser: tool.chooser, kind: operation.kind, argument }));
  }),
);
const names = new Set([
  ...taken.flatMap(({ action, chooser, kind, argument: { name, pve } }) => [action, chooser, kind, name, pve ?? name]),
  ...catalogue.flatMap(({ operations }) => [...operations.keys()]),
]);
const values = new Set(
  taken.flatMap(({ argument: { parameter, choices = [] } }) => [
    ...choices,
    ...(jsonSchema(parameter).enum ?? []).map(String),
    ...Object.keys(propertyString(parameter.definition)?.keys ?? {}).map((key) => key.replace(/\?$/, "")),
  ]),
);
/** Values without a list in PVE's description of its API, figures of its answers, and a program of its nodes. */
const besides = ["error", "host", "images", "iowait", "mem", "nesting", "pveum", "q35", "rootdir", "snippets"];

const isKnown = (word: string) =>
  names.has(word) || names.has(word.replace(/\d+$/, "[n]")) || values.has(word) || besides.includes(word);

/** The `code` of a page outside its blocks. */
const spans = (text: string) =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);

test.each(pages)("$path names tools that there are", ({ text }) => {
  const named = [...text.matchAll(/(?<![\w-])proxmox_\w+/g)].map(([name]) => name);
  expect(named.filter((name) => name !== "proxmox_" && !tools.has(name))).toEqual([]);
});

test.each(written)("$path names actions that the tool has", ({ text }) => {
  const calls = spans(text).map((span) => /^(proxmox_\w+) (\w+)$/.exec(span));
  const wrong = calls.filter((call) => call && !tools.get(call[1] ?? "")?.operations.has(call[2] ?? ""));
  expect(wrong.map((call) => call?.[0])).toEqual([]);
});

test.each(written)("$path names arguments and values that there are", ({ text }) => {
  const words = spans(text).filter((span) => /^[a-z][a-z0-9_-]*(=|$)/.test(span) && !span.startsWith("proxmox"));
  expect(words.map((span) => span.replace(/=.*$/, "")).filter((word) => !isKnown(word))).toEqual([]);
});

test.each(written)("$path names settings that there are", ({ text }) => {
  const known = new Set<string>(Object.values(settings).map(({ name }) => name));
  const named = [...text.matchAll(/PROXMOX_[A-Z_]+/g)].map(([name]) => name);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test.each(written)("$path quotes PVE as PVE was recorded", (document) => {
  const unheard = quotesOf(document).filter((said) => !recordedTexts.some((text) => pattern(said).test(text)));
  expect(unheard).toEqual([]);
});

describe("the recorded texts", () => {
  const folder = join(root, "../shared/pve-recorded");

  test("are each quoted, and no more than that", () => {
    const said = written.flatMap(quotesOf).map((text) => pattern(text));
    expect(recordedTexts.filter((text) => !said.some((shape) => shape.test(text)))).toEqual([]);
  });

  test("are in the recordings, where those are at hand", () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];
    const all = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    const inside = (text: string) => all.includes(JSON.stringify(text).slice(1, -1));
    expect(recordedTexts.filter((text) => files.length > 0 && !inside(text))).toEqual([]);
  });
});
