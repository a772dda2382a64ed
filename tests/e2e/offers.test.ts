import { describe, expect, test } from "bun:test";
import { clients, type Offers } from "./clients.ts";

const promptNames = [
  "create-vm",
  "make-highly-available",
  "why-wont-it-start",
  "backup-and-restore",
  "drain-node",
  "find-guests-without-backup",
  "review-security",
];
const templates = [
  "pve://nodes/{node}",
  "pve://guests/{vmid}",
  "pve://storages/{node}/{storage}",
  "pve://tasks/{upid}",
];

const offered = async (offers: Offers, name: string, argument: string, value = "") => {
  const asked = { ref: { type: "ref/prompt" as const, name }, argument: { name: argument, value } };
  return (await offers.complete(asked)).completion.values;
};

describe.each(clients)("$name", ({ connect }) => {
  test("lists all prompts and gets each with its arguments in place", async () => {
    await using session = await connect(["serve", "--demo"]);
    const { offers } = session;
    const { prompts } = await offers.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(promptNames);
    for (const { name, arguments: all = [] } of prompts) {
      const given = Object.fromEntries(all.map((one) => [one.name, `my-${one.name}`]));
      const { messages } = await offers.getPrompt({ name, arguments: given });
      expect(messages).toHaveLength(1);
      expect(JSON.stringify(messages)).toContain("1. ");
      for (const { name: one } of all) expect(JSON.stringify(messages)).toContain(`my-${one}`);
    }
    expect(session.peer.foreign).toEqual([]);
  });

  test("lists resources and templates, and reads each kind as text and as JSON", async () => {
    await using session = await connect(["serve", "--demo"]);
    const { offers } = session;
    const { resources } = await offers.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("pve://cluster");
    expect((await offers.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate)).toEqual(templates);
    const called = await session.call("proxmox_guest_snapshot", {
      action: "create",
      vmid: "web-01",
      snapname: "before",
    });
    const upid = /UPID:[^\s"]+/.exec(called.text)?.[0] ?? "";
    const addresses = ["pve://cluster", "pve://nodes/pve1", "pve://guests/100", "pve://storages/pve1/local"];
    for (const uri of [...addresses, `pve://tasks/${upid}`]) {
      const { contents } = await offers.readResource({ uri });
      expect(contents.map((one) => one.mimeType)).toEqual(["text/plain", "application/json"]);
    }
    const skills = resources.filter(({ uri }) => uri.startsWith("skill://"));
    expect(skills.length).toBeGreaterThan(0);
    for (const { uri } of skills) {
      const { contents } = await offers.readResource({ uri });
      expect(contents).toMatchObject([{ uri, mimeType: "text/markdown" }]);
    }
    expect(session.peer.foreign).toEqual([]);
  });

  test("is told that nothing is at an address, by the code for that", async () => {
    await using session = await connect(["serve", "--demo"]);
    for (const uri of ["pve://guests/777", "skill://none/SKILL.md", "file:///etc/passwd"])
      await expect(session.offers.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
  });

  test("completes nodes, storages and guests, those that the session used before the others", async () => {
    await using session = await connect(["serve", "--demo"]);
    const { offers } = session;
    expect(await offered(offers, "drain-node", "node")).toEqual(["pve1", "pve2", "pve3"]);
    expect(await offered(offers, "backup-and-restore", "storage", "sh")).toEqual(["shared-nfs"]);
    await session.call("proxmox_guest_status", { vmid: "mail" });
    await session.call("proxmox_guest_status", { vmid: 112 });
    expect((await offered(offers, "why-wont-it-start", "guest")).slice(0, 2)).toEqual(["monitoring", "mail"]);
    const ref = { type: "ref/resource" as const, uri: "pve://guests/{vmid}" };
    const { completion } = await offers.complete({ ref, argument: { name: "vmid", value: "web" } });
    expect(completion.values).toEqual(["100", "101"]);
  });

  test("is offered what the settings leave: fewer prompts and resources under narrowed ones", async () => {
    const env = { PROXMOX_TOOLSETS: "ha,cluster" };
    await using session = await connect(["serve", "--demo"], { env });
    const { offers } = session;
    expect((await offers.listPrompts()).prompts).toEqual([]);
    expect((await offers.listResourceTemplates()).resourceTemplates).toEqual([]);
    expect((await offers.listResources()).resources.map(({ uri }) => uri)).toContain("pve://cluster");
    expect(session.instructions).toContain("Only some of the tools");
  });

  test("lists all of it without any setting, and a reading then says what is missing", async () => {
    await using session = await connect(["serve"]);
    const { offers } = session;
    expect((await offers.listPrompts()).prompts).toHaveLength(promptNames.length);
    await expect(offers.readResource({ uri: "pve://cluster" })).rejects.toThrow("PROXMOX_HOST");
  });
});
