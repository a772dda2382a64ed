import { describe, expect, test } from "bun:test";
import { clients } from "./clients.ts";
import { initialize, Peer } from "./peer.ts";

const names = [
  "proxmox_get_next_vmid",
  "proxmox_create_vm",
  "proxmox_vm_disk",
  "proxmox_guest_network",
  "proxmox_guest_start",
  "proxmox_guest_status",
  "proxmox_guest_list",
  "proxmox_node",
];

describe.each(clients)("tools/list through $name", ({ connect }) => {
  test("shows every tool with title, description, schemas and complete annotations", async () => {
    await using session = await connect(["serve", "--demo"]);
    const tools = await session.list();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    for (const tool of tools) {
      expect(tool.title).toBeString();
      expect(tool.description).toBeString();
      expect(tool.inputSchema).toHaveProperty("type", "object");
      expect(tool.outputSchema).toHaveProperty("type", "object");
      for (const hint of ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]) {
        expect(tool.annotations).toHaveProperty(hint, expect.any(Boolean));
      }
    }
    expect(session.peer.foreign).toEqual([]);
  });

  test("comes from a server that says that it is a demo", async () => {
    await using session = await connect(["serve", "--demo"]);
    expect(session.server?.name).toMatch(/demo/i);
    expect(session.instructions).toMatch(/demo/i);
  });

  test("is answered without any setting, and every call then says what is missing", async () => {
    await using session = await connect(["serve"]);
    expect((await session.list()).length).toBeGreaterThanOrEqual(names.length);
    const called = await session.call("proxmox_get_next_vmid", {});
    expect(called.isError).toBe(true);
    expect(called.text).toContain("PROXMOX_HOST");
    expect(session.peer.foreign).toEqual([]);
  });
});

describe("initialize", () => {
  test.each(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])("speaks %s", async (version) => {
    await using peer = new Peer(["serve", "--demo"]);
    const answer = await initialize(peer, version);
    expect(answer.result).toHaveProperty("protocolVersion", version);
    const listed = await peer.request(1, "tools/list");
    expect(listed.result?.tools).toBeArray();
    const called = await peer.request(2, "tools/call", { name: "proxmox_get_next_vmid", arguments: {} });
    expect(called.result?.content).toBeArray();
    expect(peer.foreign).toEqual([]);
  });

  test("of an unknown revision is answered with one that the server has", async () => {
    await using peer = new Peer(["serve", "--demo"]);
    const answer = await initialize(peer, "1999-01-01");
    expect(answer.result?.protocolVersion).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});
