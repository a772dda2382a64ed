// The privileges in docs/tools.md are those that the embedded cluster checks: each operation's endpoint, asked by a token
// that may nothing, answers with a 403 that names the same ones on the same path.
import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { privilegesAt } from "../../scripts/documents/privileges.ts";
import { privilegesText } from "../../scripts/documents/tools.ts";
import { createClient } from "../../src/pve/client.ts";
import { endpoint } from "../../src/schema/registry.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { endpointsOf } from "../../src/toolkit/arguments.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { prepare, refusalAt } from "./asking.ts";

const page = readFileSync(`${import.meta.dir}/../../docs/tools.md`, "utf8");
const simulator = createSimulator({ seed: 1, speed: Number.POSITIVE_INFINITY });
const clientWith = (token: string) =>
  createClient({ fetch: simulator.fetch, base: "https://pve:8006", authorization: `PVEAPIToken=${token}` });
const powerless = clientWith(simulator.tokens.powerless);

beforeAll(() => prepare(clientWith(simulator.tokens.root)));

const operations = catalogue.flatMap((tool) =>
  [...tool.operations].map(([action, operation]) => ({
    label: `${tool.name} ${action}`.trim(),
    tool,
    action,
    operation,
  })),
);
const keys = [...new Set(operations.flatMap(({ operation }) => endpointsOf(operation).map(({ key }) => key)))];

describe("the privileges of docs/tools.md", () => {
  test.each(operations)("stand there for $label", ({ tool, action, operation }) => {
    const chapter = page.slice(page.indexOf(`### ${tool.name}\n`)).split("\n### ")[0] ?? "";
    const row = chapter.split("\n").find((line) => line.startsWith(`| ${action || "—"} |`));
    expect(row).toEndWith(`| ${privilegesText(operation)} |`);
  });

  test.each(keys)("are those that the embedded cluster checks at %s", async (key) => {
    const at = endpoint(key);
    const words = privilegesAt(at);
    const refusal = await refusalAt(at, powerless);
    if (words.startsWith("none")) {
      expect(refusal).toBeUndefined();
      return;
    }
    expect(refusal).toBeDefined();
    if (words.startsWith("root@pam alone")) {
      expect(refusal).toContain("user != root@pam");
      return;
    }
    const [, path, privileges = ""] = /\(([^,()]*), ([A-Za-z.|]+)\)/.exec(refusal ?? "") ?? [];
    // PVE names nothing where several ways lead through
    if (path === undefined) expect(words).toMatch(/ or |being that user/);
    for (const name of privileges.split("|").filter(Boolean)) {
      const isConfig = name.startsWith("VM.Config.") && words.includes("VM.Config.* on");
      expect(isConfig ? "VM.Config.*" : words).toContain(isConfig ? "VM.Config.*" : name);
    }
    if (path) expect(placesIn(words).some((place) => place.test(path))).toBe(true);
  });
});

/** The ACL paths that the words name, as patterns. */
const placesIn = (words: string): RegExp[] =>
  [...words.matchAll(/(?:on|or) (\/(?:\{[^}]+\}|[^\s,;)])*|\{path\})/g)].map(
    ([, place = ""]) => new RegExp(`^${place.replace("{path}", "/.+").replace(/\{[^}]+\}/g, "[^/]+")}$`),
  );
