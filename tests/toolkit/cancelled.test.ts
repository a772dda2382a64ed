import { describe, expect, test } from "bun:test";
import { createSimulator } from "../../src/simulator/simulator.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import { callTool } from "../../src/toolkit/call.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver, everything } from "./stand-in.ts";

const tool = (name: string): Tool => {
  const found = catalogue.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

interface Story {
  tool: string;
  given: Record<string, unknown>;
  /** Whether the cluster shows the effect. */
  took(state: ReturnType<typeof createSimulator>["state"]): boolean;
}

const stories: readonly Story[] = [
  {
    tool: "proxmox_guest_start",
    given: { vmid: "build-01" },
    took: ({ guests }) => named(guests, "build-01")?.process !== undefined,
  },
  {
    tool: "proxmox_create_vm",
    given: { node: "pve1", name: "made" },
    took: ({ guests }) => named(guests, "made") !== undefined,
  },
];

function named<Guest extends { config: { values: Record<string, string> } }>(
  guests: Record<string, Guest>,
  name: string,
) {
  return Object.values(guests).find(({ config }) => config.values.name === name);
}

/** Calls and cancels: when request number `at` is about to be sent, or has just been answered. */
async function cancelledAt({ tool: name, given, took }: Story, at: number, when: "before" | "after") {
  const simulator = createSimulator({ seed: 1, speed: 50 });
  const controller = new AbortController();
  let count = 0;
  const fetch = async (request: Request): Promise<Response> => {
    const hit = count++ === at;
    if (hit && when === "before") controller.abort();
    const response = await simulator.fetch(request);
    if (hit && when === "after") controller.abort();
    return response;
  };
  const cluster = clusterOver(fetch, everything, simulator.tokens.root);
  const answer = await callTool(tool(name), given, cluster, { signal: controller.signal });
  await Bun.sleep(100);
  await simulator.fetch(new Request("https://pve/api2/json/version"));
  return { answer, took: took(simulator.state), reached: count > at };
}

/** What an answer says of the effect; undefined: that it isn't known, or that a task goes on. */
function says({ outcome, kind, task }: Answer): boolean | undefined {
  if (outcome === "ok" || outcome === "warnings") return true;
  return kind === "unknown-fate" || outcome === "running" || task !== undefined ? undefined : false;
}

describe.each(stories)("a call of $tool", (story) => {
  test.each(["before", "after"] as const)(
    "that is cancelled %s any of its requests says what is true",
    async (when) => {
      const kinds = new Set<string>();
      for (let at = 0; ; at++) {
        const { answer, took, reached } = await cancelledAt(story, at, when);
        if (!reached) break;
        kinds.add(String(answer.kind ?? answer.outcome));
        if (says(answer) !== undefined) expect([at, says(answer)]).toEqual([at, took]);
        expect(answer.summary).not.toBe("");
      }
      expect(kinds).toContain("cancelled");
    },
    30_000,
  );

  test("that is cancelled before it begins sends nothing", async () => {
    let sent = 0;
    const simulator = createSimulator({ seed: 1 });
    const cluster = clusterOver(
      (request) => {
        sent++;
        return simulator.fetch(request);
      },
      everything,
      simulator.tokens.root,
    );
    const answer = await callTool(tool(story.tool), story.given, cluster, { signal: AbortSignal.abort() });
    expect([answer.kind, sent]).toEqual(["cancelled", 0]);
  });
});
