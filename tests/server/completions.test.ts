import { describe, expect, test } from "bun:test";
import { completionFor } from "../../src/server/completions.ts";
import { createRecent, type Recent } from "../../src/server/recent.ts";
import { type Session, session, sessionAnswering } from "./serving.ts";

interface Asked {
  readonly served?: Session;
  readonly recent?: Recent;
  readonly others?: Record<string, string>;
}

const asked = (
  ref: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string },
  name: string,
  value: string,
  { served = session(), recent = createRecent(), others = {} }: Asked,
) => completionFor({ ref, argument: { name, value }, context: { arguments: others } }, { served, recent, caller: {} });

/** What is offered for an argument of a prompt. */
const ofPrompt = async (prompt: string, name: string, value: string, how: Asked = {}) =>
  (await asked({ type: "ref/prompt", name: prompt }, name, value, how)).values;

/** What is offered for a variable of a resource. */
const ofResource = async (uri: string, name: string, value: string, how: Asked = {}) =>
  (await asked({ type: "ref/resource", uri }, name, value, how)).values;

describe("completions of prompts", () => {
  test("offer the nodes", async () => {
    expect(await ofPrompt("drain-node", "target", "")).toEqual(["pve1", "pve2", "pve3"]);
    expect(await ofPrompt("drain-node", "node", "PVE3")).toEqual(["pve3"]);
  });

  test("offer guests by number or name, and by number where two have the name", async () => {
    expect(await ofPrompt("why-wont-it-start", "guest", "web")).toEqual(["web-01", "web-02"]);
    expect(await ofPrompt("why-wont-it-start", "guest", "101")).toEqual(["web-02"]);
    expect(await ofPrompt("why-wont-it-start", "guest", "test")).toEqual(["120", "121"]);
  });

  test("offer the storages, those of the node where one is chosen", async () => {
    expect(await ofPrompt("backup-and-restore", "storage", "")).toEqual(["local", "local-lvm", "shared-nfs"]);
    expect(await ofPrompt("create-vm", "storage", "local-", { others: { node: "pve1" } })).toEqual(["local-lvm"]);
    expect(await ofPrompt("create-vm", "storage", "", { others: { node: "pve9" } })).toEqual([]);
  });

  test.each([
    ["create-vm", "name"],
    ["create-vm", "toString"],
    ["nothing", "node"],
  ])("offer nothing for %s %s", async (prompt, name) => {
    const served = session();
    expect(await ofPrompt(prompt, name, "", { served })).toEqual([]);
    expect(served.called).toEqual([]);
  });
});

describe("guests", () => {
  test("that the session used come first, the last one before the others", async () => {
    const recent = createRecent();
    recent.used("mail");
    recent.used(112);
    const values = await ofPrompt("why-wont-it-start", "guest", "", { recent });
    expect(values.slice(0, 3)).toEqual(["monitoring", "mail", "web-01"]);
    expect(values).toHaveLength(13);
  });

  test("with the newest tasks come next", async () => {
    const served = session();
    await served.tell("guest_snapshot", { action: "create", vmid: "gitlab", snapname: "one" });
    const values = await ofPrompt("why-wont-it-start", "guest", "", { served });
    expect(values.slice(0, 2)).toEqual(["gitlab", "web-01"]);
  });

  test("cost one request where what was typed leaves no choice", async () => {
    const served = session();
    expect(await ofPrompt("why-wont-it-start", "guest", "mail", { served })).toEqual(["mail"]);
    expect(served.called).toEqual(["proxmox_guest_list"]);
  });

  test("make nobody wait for a node that is offline", async () => {
    const asked: string[] = [];
    const served = sessionAnswering(({ path }) => {
      asked.push(path);
      const nodes = [
        { node: "pve1", status: "online" },
        { node: "pve2", status: "offline" },
      ];
      if (path === "/nodes") return nodes;
      const guest = (vmid: number) => ({ type: "qemu", vmid, name: `g-${vmid}`, node: "pve1" });
      return path === "/cluster/resources" ? [guest(100), guest(101)] : [];
    });
    expect(await ofPrompt("why-wont-it-start", "guest", "", { served })).toEqual(["g-100", "g-101"]);
    expect(asked).toContain("/nodes/pve1/tasks");
    expect(asked).not.toContain("/nodes/pve2/tasks");
  });

  test("are remembered to a bound, and what is no guest isn't", () => {
    const recent = createRecent();
    for (let vmid = 1; vmid <= 200; vmid++) recent.used(vmid);
    recent.used(undefined);
    expect(recent.rank("200")).toBe(0);
    expect(recent.rank("100")).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("completions of resources", () => {
  test("offer values for every variable", async () => {
    const served = session();
    await served.tell("guest_reboot", { vmid: "web-01" });
    expect(await ofResource("pve://nodes/{node}", "node", "pve1", { served })).toEqual(["pve1"]);
    expect(await ofResource("pve://guests/{vmid}", "vmid", "web-", { served })).toEqual(["100", "101"]);
    const others = { node: "pve1" };
    expect(await ofResource("pve://storages/{node}/{storage}", "storage", "s", { served, others })).toEqual([
      "shared-nfs",
    ]);
    const [upid] = await ofResource("pve://tasks/{upid}", "upid", "", { served });
    expect(upid).toStartWith("UPID:pve1:");
  });

  test("offer nothing for what is no template of ours", async () => {
    expect(await ofResource("pve://{anything}", "anything", "")).toEqual([]);
    expect(await ofResource("pve://guests/{vmid}", "constructor", "")).toEqual([]);
  });
});

describe("an answer", () => {
  test("holds 100 values at most, and how many there are in all, beyond what a tool would list", async () => {
    const guests = Array.from({ length: 5_000 }, (_, n) => ({
      type: "qemu",
      vmid: 100 + n,
      name: `g-${n}`,
      node: "pve1",
    }));
    const served = sessionAnswering(({ path }) => (path === "/cluster/resources" ? guests : []));
    const answer = await asked({ type: "ref/prompt", name: "why-wont-it-start" }, "guest", "g-", { served });
    expect(answer.values).toHaveLength(100);
    expect([answer.total, answer.hasMore]).toEqual([5_000, true]);
  });

  test("is empty where the settings, the token or PVE refuse, and no error", async () => {
    const narrowed = session({ without: ["node", "guest_list", "node_task"] });
    expect(await ofPrompt("drain-node", "node", "", { served: narrowed })).toEqual([]);
    expect(await ofPrompt("why-wont-it-start", "guest", "", { served: narrowed })).toEqual([]);
    expect(await ofPrompt("why-wont-it-start", "guest", "", { served: session({ token: "powerless" }) })).toEqual([]);
    const broken = sessionAnswering(() => {
      throw new Error("broken");
    });
    expect(await ofPrompt("drain-node", "node", "", { served: broken })).toEqual([]);
  });
});
