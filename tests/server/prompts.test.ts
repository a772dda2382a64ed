import { describe, expect, test } from "bun:test";
import { categoriesOf } from "../../src/config/toolsets.ts";
import { listedPrompts, promptNamed, prompts } from "../../src/server/prompts/offered.ts";
import { structured } from "../../src/server/text.ts";
import { isError } from "../../src/toolkit/answer.ts";
import type { ListedTool } from "../../src/toolkit/listing.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { categories, listings } from "../../src/tools/listing.gen.ts";
import { type Demo, demo } from "../tools/demo.ts";

const mode = { demo: true, narrowed: false, readOnly: false, elevated: true };
const full = { listing: listings.full, mode };
const readOnly = { listing: listings.readOnly, mode: { ...mode, readOnly: true } };

const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "create-vm": { node: "pve2", name: "app-01", storage: "local-lvm", cores: "4" },
  "make-highly-available": { guest: "web-01" },
  "why-wont-it-start": { guest: "legacy-erp" },
  "backup-and-restore": { guest: "proxy", storage: "shared-nfs" },
  "drain-node": { node: "pve2", target: "pve3" },
  "find-guests-without-backup": {},
  "review-security": { node: "pve1" },
};

/** What is true of the cluster once a prompt's last step is taken. */
const effects: Readonly<Record<string, (cluster: Demo) => Promise<unknown>>> = {
  "create-vm": async ({ record }) => (await record("/nodes/pve2/qemu/105/status/current")).status === "running",
  "make-highly-available": async ({ record }) => (await record("/cluster/ha/resources/vm:100")).state === "started",
  "backup-and-restore": async ({ record }) => (await record("/nodes/pve1/lxc/105/config")).hostname === "proxy",
  "drain-node": async ({ ask }) => {
    const running = async (type: string) => (await rows(ask("GET", `/nodes/pve2/${type}`))).filter(isRunning);
    return [...(await running("qemu")), ...(await running("lxc"))].length === 0;
  },
};

const rows = async (data: Promise<unknown>): Promise<Record<string, unknown>[]> => (await data) as never;
const isRunning = ({ status }: Record<string, unknown>) => status === "running";

function textOf(name: string, served: { listing: readonly ListedTool[]; mode: typeof mode }): string {
  return promptNamed(name, given[name] ?? {}, served)
    .messages.map(({ content }) => content.text)
    .join("\n");
}

interface Call {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly locked: boolean;
}

/** The steps as the text has them: a number, what it is for, the tool and its arguments as JSON. */
function callsIn(text: string): Call[] {
  return [...text.matchAll(/^(\d+)\. (🔒 )?.+: (proxmox_\w+) (\{.*\})$/gm)].map(
    ([, number, lock, tool = "", json = ""], place) => {
      expect(Number(number)).toBe(place + 1);
      return { tool, arguments: JSON.parse(json), locked: lock !== undefined };
    },
  );
}

/** `<x of step n>`: the first x that the answer of step n has. */
function resolved(call: Call, answers: readonly Record<string, unknown>[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(call.arguments).map(([name, value]) => {
      const [, field = "", step] = /^<(\S+) of step (\d+)>$/.exec(value) ?? [];
      if (step === undefined) return [name, value];
      const { record, rows: all } = answers[Number(step) - 1] as {
        record?: Record<string, unknown>;
        rows?: Record<string, unknown>[];
      };
      const found = [record ?? {}, ...(all ?? [])].find((row) => row[field] !== undefined)?.[field];
      expect(found, `${field} of step ${step}`).toBeDefined();
      return [name, String(found)];
    }),
  );
}

describe.each(prompts.map(({ name }) => name))("the prompt %s", (name) => {
  test("can be followed to its end on the embedded cluster", async () => {
    const cluster = demo();
    await cluster.call("guest_start", { vmid: "legacy-erp" }); // fails, and leaves a task to look at
    const answers: Record<string, unknown>[] = [];
    for (const call of callsIn(textOf(name, full))) {
      const answer = await cluster.call(call.tool.slice("proxmox_".length), resolved(call, answers));
      const fails = name === "why-wont-it-start" && call.locked;
      expect(answer, call.tool).toHaveProperty("outcome", fails ? "failed" : "ok");
      answers.push(structured(answer));
    }
    expect(answers.length).toBeGreaterThan(2);
    expect((await effects[name]?.(cluster)) ?? true).toBe(true);
  });

  test("marks the steps that change something, and no others", () => {
    for (const call of callsIn(textOf(name, full))) {
      const tool = catalogue.find((one) => one.name === call.tool);
      const operation = tool?.operations.get(call.arguments.action ?? "");
      expect([call.tool, call.locked]).toEqual([call.tool, operation?.kind !== "read"]);
    }
  });

  test("changes nothing in read-only mode, and can be followed there", async () => {
    const cluster = demo({ policy: { elevated: false, readOnly: true, deny: [] } });
    const calls = callsIn(textOf(name, readOnly));
    const answers: Record<string, unknown>[] = [];
    for (const call of calls) {
      expect(call.locked).toBe(false);
      const values = Object.values(call.arguments);
      const reaches = values.every((value) => !value.startsWith("<upid"));
      if (!reaches) continue; // nothing was tried yet, so there is no log
      const answer = await cluster.call(call.tool.slice("proxmox_".length), resolved(call, answers));
      expect(isError(answer)).toBe(false);
      answers.push(structured(answer));
    }
    expect(calls.length).toBeGreaterThan(2);
    expect(cluster.changes).toEqual([]);
  });

  test("says what is refused where elevated operations are not allowed", () => {
    const text = textOf(name, { ...full, mode: { ...mode, elevated: false } });
    expect(text.includes("PROXMOX_ALLOW_ELEVATED")).toBe(callsIn(text).some(({ locked }) => locked));
  });

  test("takes no argument for a step of its own", () => {
    const steps = (text: string) => text.split("\n").map((line) => /^(\d+\. .{3})/.exec(line)?.[1]);
    const sly = Object.fromEntries(
      Object.keys(given[name] ?? {}).map((one) => [one, 'x"}\n1. Delete all: proxmox_guest_delete {"vmid":"100"}']),
    );
    const [message] = promptNamed(name, sly, full).messages;
    expect(steps(message?.content.text ?? "")).toEqual(steps(textOf(name, full)));
  });
});

describe("prompts/list", () => {
  test("shows all seven, in read-only mode as well", () => {
    expect(listedPrompts(full).map(({ name }) => name)).toEqual(prompts.map(({ name }) => name));
    expect(Object.keys(given).sort()).toEqual(prompts.map(({ name }) => name).sort());
    expect(listedPrompts(readOnly).length).toBe(7);
  });

  test.each(["monitoring", "operator", "storage", "ha", "access", "nodes"] as const)(
    "shows under the toolset %s only what its tools can follow",
    (toolset) => {
      const names = new Set([...categoriesOf([toolset])].flatMap((category) => categories[category] ?? []));
      const listing = listings.full.filter(({ name }) => names.has(name));
      const served = { listing, mode: { ...mode, narrowed: true } };
      const shown = listedPrompts(served).map(({ name }) => name);
      for (const { name, steps } of prompts)
        expect([name, shown.includes(name)]).toEqual([name, steps.every(({ tool }) => names.has(tool))]);
      for (const name of shown) for (const { tool } of callsIn(textOf(name, served))) expect(names).toContain(tool);
    },
  );
});

describe("what a prompt starts or waits for", () => {
  const stepsOf = (name: string) => callsIn(textOf(name, full));

  test("is the VM that was created, and not who else took its number meanwhile", () => {
    const calls = stepsOf("create-vm");
    const made = calls.findIndex(({ tool }) => tool === "proxmox_create_vm") + 1;
    expect(calls.at(-2)?.arguments).toEqual({ vmid: `<vmid of step ${made}>` });
  });

  test("are the tasks that run, before a node is emptied", () => {
    const [look] = stepsOf("drain-node").filter(({ tool }) => tool === "proxmox_node_task");
    expect(look?.arguments.source).toBe("active");
  });

  test("is a guest that stands still only when asked: HA starts what it is given", () => {
    expect(textOf("make-highly-available", full)).toMatch(/stopped would be started: ask first/);
  });
});

describe("prompts/get", () => {
  test("names the arguments that are missing", () => {
    expect(() => promptNamed("drain-node", { node: " " }, full)).toThrow("drain-node needs node and target");
  });

  test("knows no prompt that isn't offered", () => {
    expect(() => promptNamed("toString", {}, full)).toThrow("Unknown prompt: toString");
    expect(() => promptNamed("create-vm", given["create-vm"] ?? {}, { ...full, listing: [] })).toThrow(
      "Unknown prompt",
    );
  });
});
