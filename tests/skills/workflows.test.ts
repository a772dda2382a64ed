// Every workflow of the skills and agents can be followed as it stands: its calls are read from the document and made.
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { documents, read, root, workflowsOf } from "./documents.ts";
import { played } from "./play.ts";

const agents = readdirSync(join(root, "agents")).map((name) => read(`agents/${name}`));
const workflows = [...documents(), ...agents].flatMap(workflowsOf);

test.each(workflows)("$title", async ({ steps }) => {
  expect(await played(steps)).toEqual([]);
});

describe("the examples of the page that the names come from", () => {
  const toolsOf = (path: string, title: string) =>
    workflowsOf(read(path))
      .filter((workflow) => workflow.title.endsWith(title))
      .flatMap(({ steps }) => steps.map(({ tool }) => tool));

  test.each([
    [
      "proxmox-mcp-tools/SKILL.md",
      "### Create a VM",
      ["get_next_vmid", "create_vm", "vm_disk", "guest_network", "guest_start"],
    ],
    ["proxmox-admin/SKILL.md", "## Make a VM highly available", ["ha_group", "ha_resource", "ha_resource"]],
    ["proxmox-admin/SKILL.md", "## Why a VM won't start", ["guest_status", "guest_config", "node", "node_task"]],
  ])("%s: %s has its calls in order", (file, title, wanted) => {
    const rest = wanted.map((name) => `proxmox_${name}`);
    for (const tool of toolsOf(`skills/${file}`, title)) if (tool === rest[0]) rest.shift();
    expect(rest).toEqual([]);
  });
});

describe("the playing of a workflow", () => {
  const start = { tool: "proxmox_guest_start", given: { vmid: "legacy-erp" }, says: [], fails: false };

  test("notices a call that fails and shouldn't", async () => {
    expect(await played([start])).toHaveLength(1);
  });

  test("notices a call that should fail and doesn't", async () => {
    expect(await played([{ ...start, given: { vmid: "build-01" }, fails: true }])).toHaveLength(1);
  });

  test("notices what an answer doesn't say", async () => {
    expect(await played([{ ...start, fails: true, says: ["bridge 'vmbr8' does not exist"] }])).toHaveLength(1);
  });

  test("hands on what an answer said", async () => {
    const steps = workflowsOf({
      path: "x",
      text: '# x\n```calls\nproxmox_guest_status {"vmid": "mail"}\n→ $node = node: (…)\nproxmox_node {"action": "status", "node": "$node"}\n→ pve3\n```\n',
    }).flatMap((workflow) => workflow.steps);
    expect(steps).toHaveLength(2);
    expect(await played(steps)).toEqual([]);
  });
});
