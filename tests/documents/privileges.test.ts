// The privileges in docs/tools.md are those that the embedded cluster checks: each operation's endpoint, asked by a token
// that may nothing, answers with a 403 that names the same ones on the same path.
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { privilegesAt } from "../../scripts/documents/privileges.ts";
import { privilegesText } from "../../scripts/documents/tools.ts";
import { createClient } from "../../src/pve/client.ts";
import { PveError } from "../../src/pve/errors.ts";
import type { WireValue } from "../../src/schema/check.ts";
import { type Endpoint, endpoint } from "../../src/schema/registry.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { endpointsOf } from "../../src/toolkit/arguments.ts";
import { catalogue } from "../../src/tools/catalogue.ts";

const page = readFileSync(`${import.meta.dir}/../../docs/tools.md`, "utf8");
const simulator = createSimulator({ seed: 1 });
const authorization = `PVEAPIToken=${simulator.tokens.powerless}`;
const client = createClient({ fetch: simulator.fetch, base: "https://pve:8006", authorization });

/** What stands in the variables of paths and checks. */
const samples: Readonly<Record<string, WireValue>> = {
  node: "pve1",
  storage: "local",
  userid: "operator@pve",
  realm: "pve",
  poolid: "production",
  groupid: "operators",
  path: "/vms/100",
  volume: "local:iso/x.iso",
};
const sampleOf = (name: string, path: string): WireValue =>
  name === "vmid" ? (path.includes("/lxc") ? 103 : 100) : (samples[name] ?? "x1");

const operations = catalogue.flatMap((tool) =>
  [...tool.operations].map(([action, operation]) => ({
    label: `${tool.name} ${action}`.trim(),
    tool,
    action,
    operation,
  })),
);
const keys = [...new Set(operations.flatMap(({ operation }) => endpointsOf(operation).map(({ key }) => key)))];

/** Asks as a token without any privilege, with no more than what the path and the check name. */
async function refusalAt(at: Endpoint): Promise<string | undefined> {
  const named = [at.path, JSON.stringify(at.permissions ?? "")].flatMap((text) =>
    [...text.matchAll(/\{([^}"]+)\}/g)].map(([, name = ""]) => name),
  );
  const byUser = JSON.stringify(at.permissions ?? "").includes("userid-") ? ["userid"] : [];
  const names = [...new Set([...named, ...byUser])].filter((name) => at.parameters.has(name));
  const values = Object.fromEntries(names.map((name) => [name, sampleOf(name, at.path)]));
  try {
    await client.request({ endpoint: at.key, values });
    return undefined;
  } catch (error) {
    if (error instanceof PveError && error.kind === "forbidden") return error.sentence;
    if (error instanceof PveError) return undefined;
    throw error;
  }
}

describe("the privileges of docs/tools.md", () => {
  test.each(operations)("stand there for $label", ({ tool, action, operation }) => {
    const chapter = page.slice(page.indexOf(`### ${tool.name}\n`)).split("\n### ")[0] ?? "";
    const row = chapter.split("\n").find((line) => line.startsWith(`| ${action || "—"} |`));
    expect(row).toEndWith(`| ${privilegesText(operation)} |`);
  });

  test.each(keys)("are those that the embedded cluster checks at %s", async (key) => {
    const at = endpoint(key);
    const words = privilegesAt(at);
    const refusal = await refusalAt(at);
    if (at.permissions === undefined && at.user !== undefined) {
      expect(words).toMatch(/^none|^by what is touched$/);
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
    const filled = words
      .replace("{realm of userid}", "pve")
      .replace(/\{(\w+)\}/g, (_, name: string) => String(at.parameters.has(name) ? sampleOf(name, at.path) : "-"));
    if (path) expect(filled).toContain(` on ${path}`);
  });
});
