// What the security playbook grants is enough for what it says that it is for.
import { expect, test } from "bun:test";
import { textOf } from "../../src/server/text.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver } from "../toolkit/stand-in.ts";
import { demo } from "../tools/demo.ts";
import { read, workflowsOf } from "./documents.ts";

test("the token of the security playbook creates a VM in its pool, with a disk and a NIC, and none outside of it", async () => {
  const { simulator, call } = demo();
  const workflows = workflowsOf(read("skills/proxmox-admin/references/security.md"));
  const grants = workflows.find(({ title }) => title.endsWith("A token for this server"));
  let said = "";
  for (const { tool, given } of grants?.steps ?? [])
    said += textOf(await call(tool.slice("proxmox_".length), given), Date.now());
  const [, value] = /^value: "?([0-9a-f-]{36})/m.exec(said) ?? [];
  const own = clusterOver((request) => simulator.fetch(request), undefined, `assistant@pve!mcp=${value}`);
  const create = catalogue.find(({ name }) => name === "proxmox_create_vm");
  if (!create) throw new Error("there is no proxmox_create_vm");
  const vm = { node: "pve1", disk_size: "4G", storage: "local-lvm", net0: "virtio,bridge=vmbr0" };
  expect(await callTool(create, { ...vm, name: "inside", pool: "sandbox" }, own, {})).toHaveProperty("outcome", "ok");
  expect(await callTool(create, { ...vm, name: "outside" }, own, {})).toHaveProperty("outcome", "denied");
});
