// The worked example of CONTRIBUTING.md does what it says.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { callTool } from "../../src/toolkit/call.ts";
import { listingOf } from "../../src/toolkit/listing.ts";
import { read } from "../../src/toolkit/operation.ts";
import { tool } from "../../src/toolkit/tool.ts";
import { clusterAnswering } from "./stand-in.ts";

const text = readFileSync(`${import.meta.dir}/../../CONTRIBUTING.md`, "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";

/** The tool with the example's line in its table. */
const node = tool(
  "proxmox_node",
  "Nodes: the cluster's hosts",
  new Function("read", `return { ${block("ts")} }`)(read),
);

test("its line is one line", () => {
  expect(block("ts").trim().split("\n")).toHaveLength(1);
});

test("the listing has the new action", () => {
  expect(listingOf([node], { readOnly: false })[0]?.inputSchema.properties.action?.enum).toEqual(["time"]);
});

test("the call sends the request that it shows", async () => {
  const { cluster, sent } = clusterAnswering(() => ({ timezone: "UTC" }));
  const answer = await callTool(node, { action: "time", node: "pve1" }, cluster);
  expect(answer.outcome).toBe("ok");
  expect(sent.map(({ method, path }) => `${method} /api2/json${path}`)).toEqual([block("http").trim()]);
});

test("without a node it answers with the nodes' names, and a slip with the right name", async () => {
  const { cluster } = clusterAnswering(() => [{ node: "pve1" }, { node: "pve2" }]);
  expect((await callTool(node, { action: "time" }, cluster)).reason?.join()).toContain("pve1, pve2");
  expect((await callTool(node, { action: "time", nod: "pve1" }, cluster)).reason?.join()).toContain(
    "did you mean node?",
  );
});
