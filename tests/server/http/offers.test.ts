import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Offers } from "../../e2e/clients.ts";
import { bearer, connectNew, type Service, startService } from "./service.ts";

/** Its `sessionId` may be undefined, which the SDK's own interface doesn't say. */
class Sessionless extends OldHttp {
  override get sessionId(): string {
    return super.sessionId ?? "";
  }
}

type Client = Offers & { close(): Promise<void> };

async function connectOld(url: URL, headers: Record<string, string>): Promise<Client> {
  const client = new OldClient({ name: "old", version: "1.0.0" });
  await client.connect(new Sessionless(url, { requestInit: { headers } }));
  return client;
}

const clients: readonly { name: string; connect: (url: URL, headers: Record<string, string>) => Promise<Client> }[] = [
  { name: "SDK 1.x", connect: connectOld },
  { name: "SDK 2.x, 2025-11-25", connect: (url, headers) => connectNew(url, headers, "legacy") },
  { name: "SDK 2.x, 2026-07-28", connect: (url, headers) => connectNew(url, headers, { pin: "2026-07-28" }) },
];

let service: Service;
let whole: string;
let narrow: string;
beforeAll(async () => {
  service = await startService();
  whole = await service.token("whole");
  narrow = await service.token("narrow", { settings: { PROXMOX_TOOLSETS: "ha,cluster" } });
});
afterAll(() => service[Symbol.asyncDispose]());

describe.each(clients)("over HTTP, $name", ({ connect }) => {
  test("gets prompts, reads resources and completes arguments", async () => {
    const client = await connect(service.url, bearer(whole));
    const { prompts } = await client.listPrompts();
    const { messages } = await client.getPrompt({ name: "drain-node", arguments: { node: "pve1", target: "pve2" } });
    const { contents } = await client.readResource({ uri: "pve://guests/100" });
    const { resources } = await client.listResources();
    const ref = { type: "ref/prompt" as const, name: "drain-node" };
    const { completion } = await client.complete({ ref, argument: { name: "node", value: "pve" } });
    await client.close();
    expect(prompts).toHaveLength(7);
    expect(JSON.stringify(messages)).toContain("proxmox_node_bulk");
    expect(contents.map(({ mimeType }) => mimeType)).toEqual(["text/plain", "application/json"]);
    expect(resources.filter(({ uri }) => uri.startsWith("skill://")).length).toBeGreaterThan(0);
    expect(completion.values).toEqual(["pve1", "pve2", "pve3"]);
  });

  test("is offered first the guests that its token used last, whatever connection it was", async () => {
    const [first, second] = [await connect(service.url, bearer(whole)), await connect(service.url, bearer(whole))];
    await first.readResource({ uri: "pve://guests/130" });
    await first.readResource({ uri: "pve://guests/mail" });
    const ref = { type: "ref/prompt" as const, name: "why-wont-it-start" };
    const { completion } = await second.complete({ ref, argument: { name: "guest", value: "" } });
    await Promise.all([first.close(), second.close()]);
    expect(completion.values.slice(0, 2)).toEqual(["mail", "windows-2025"]);
  });

  test("gets under a narrowed token what its tools can tell, and no more", async () => {
    const client = await connect(service.url, bearer(narrow));
    const { prompts } = await client.listPrompts();
    const { resourceTemplates } = await client.listResourceTemplates();
    const { contents } = await client.readResource({ uri: "pve://cluster" });
    const refused = await client
      .readResource({ uri: "pve://guests/100" })
      .catch((error: { code: number }) => error.code);
    const ref = { type: "ref/prompt" as const, name: "drain-node" };
    const { completion } = await client.complete({ ref, argument: { name: "node", value: "" } });
    await client.close();
    expect([prompts.length, resourceTemplates.length, completion.values.length]).toEqual([0, 0, 0]);
    expect(JSON.stringify(contents)).toContain("aren't enabled here: proxmox_node, proxmox_guest_list");
    expect(JSON.stringify(contents)).not.toContain("web-01");
    expect(refused).toBe(-32602);
  });
});
