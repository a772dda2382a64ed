// What clients see of the tools: a snapshot of each, no construct that a client refuses, and a price in tokens.
import { describe, expect, test } from "bun:test";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { generatedFiles } from "../../scripts/generated.ts";
import { type ListedTool, listingOf } from "../../src/toolkit/listing.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { categories, listings } from "../../src/tools/listing.gen.ts";

const root = `${import.meta.dir}/../..`;
const modes = { full: { readOnly: false }, readOnly: { readOnly: true } } as const;

test.each(generatedFiles())(
  "$path is what the tools and settings make it (scripts/generate)",
  async ({ path, text }) => {
    expect(await Bun.file(`${root}/${path}`).text()).toBe(text);
  },
);

describe.each(Object.entries(modes))("the %s listing", (name, mode) => {
  test("is the one that is served", () => {
    expect(JSON.parse(JSON.stringify(listingOf(catalogue, mode)))).toEqual(
      JSON.parse(JSON.stringify(listings[name === "full" ? "full" : "readOnly"])),
    );
  });

  test.each(listingOf(catalogue, mode).map((tool) => [tool.name, tool] as const))("%s", (_, tool) => {
    expect(tool).toMatchSnapshot();
    expect(tool.name).toMatch(/^proxmox_[a-z0-9_]{1,48}$/);
    expect(tool.title.length).toBeGreaterThan(0);
    for (const hint of ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const) {
      expect(typeof tool.annotations[hint]).toBe("boolean");
    }
    expect(refusedIn(tool)).toEqual([]);
  });
});

describe("a listing costs little", () => {
  const prices = (list: readonly ListedTool[]) =>
    list.map(({ name, description, inputSchema }) => ({
      name,
      tokens: encode(JSON.stringify({ name, description, inputSchema })).length,
    }));
  const sum = (list: readonly ListedTool[]) => prices(list).reduce((total, { tokens }) => total + tokens, 0);

  test("all tools at most 10,000 tokens and 108 each on average, none over 300", () => {
    expect(sum(listings.full)).toBeLessThanOrEqual(Math.min(10_000, 108 * listings.full.length));
    expect(prices(listings.full).filter(({ tokens }) => tokens > 300)).toEqual([]);
  });

  test("in read-only mode at most 4,500", () => expect(sum(listings.readOnly)).toBeLessThanOrEqual(4_500));
});

test("there are 92 tools in 20 categories, each named so that it fits behind the server's name", () => {
  expect(listings.full).toHaveLength(92);
  expect(Object.keys(categories)).toHaveLength(20);
  for (const { name } of listings.full) expect(`mcp__proxmox-mcp__${name}`.length).toBeLessThan(60);
});

test("read-only mode leaves reading alone, action by action", () => {
  for (const tool of listings.readOnly) expect(tool.description).not.toContain("🔒");
  expect(listings.readOnly.map(({ name }) => name)).not.toContain("proxmox_create_vm");
  expect(listings.readOnly.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
});

/** Constructs that some client refuses (Claude, OpenAI, Gemini, Cursor and VS Code take what is left), and untyped properties. */
function refusedIn({ description, inputSchema }: ListedTool): string[] {
  const banned = [
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "$ref",
    "$defs",
    "const",
    "if",
    "patternProperties",
    "additionalProperties",
  ];
  const found: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (banned.includes(key)) found.push(`${path}.${key}`);
      walk(inner, `${path}.${key}`);
    }
  };
  walk(inputSchema, "inputSchema");
  for (const [name, property] of Object.entries(inputSchema.properties)) {
    if (!property.type) found.push(`${name} has no type`);
    if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(name)) found.push(`${name} is no name of a property`);
    if (property.type === "array" && !property.items?.type) found.push(`${name} doesn't say what it holds`);
    if (property.enum && (property.enum.length === 0 || property.enum.some((member) => typeof member !== "string"))) {
      found.push(`${name} enumerates other things than texts`);
    }
  }
  for (const name of inputSchema.required ?? []) if (!inputSchema.properties[name]) found.push(`${name} isn't there`);
  if (description.length > 1024) found.push("the description has over 1,024 characters");
  return found;
}
