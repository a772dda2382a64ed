import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { toolsetNames } from "../../../src/config/toolsets.ts";
import { denialOf } from "../../../src/toolkit/gate.ts";
import { catalogue } from "../../../src/tools/catalogue.ts";
import { answerIn, bearer, callOf, messageIn, type Service, startService } from "./service.ts";

// A fixed seed: a failure can be run again.
let state = 20_261_124;
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 4_294_967_296) * below);
};
const some = <One>(all: readonly One[], most: number): One[] =>
  Array.from({ length: 1 + random(most) }, () => all[random(all.length)]).filter((one) => one !== undefined);

const names = catalogue.map(({ name }) => name);
const kinds = ["destroy", "exec", "reveal", "write"];

/** Settings that narrow, drawn at random. */
function drawn(): Record<string, string> {
  return {
    ...(random(3) === 0 && { PROXMOX_READ_ONLY: "true" }),
    ...(random(2) === 0 && { PROXMOX_TOOLSETS: some(toolsetNames, 3).join(",") }),
    ...(random(2) === 0 && { PROXMOX_TOOLS: some(names, 4).join(",") }),
    ...(random(2) === 0 && { PROXMOX_EXCLUDE_TOOLS: some(names, 4).join(",") }),
    ...(random(2) === 0 && { PROXMOX_DENY: some(kinds, 2).join(",") }),
  };
}

/** The tools that settings leave, by another way than the program's: a service of its own over these settings. */
async function listed(service: Service, value: string): Promise<string[]> {
  const message = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
  const { result } = await messageIn(await service.post(message, bearer(value)));
  return (result?.tools ?? []).map(({ name }) => name);
}

describe.each(Array.from({ length: 6 }, (_, round) => [round]))("what a token narrows, draw %d", (round) => {
  const ceiling = round === 0 ? {} : drawn();
  let service: Service;
  let whole: Set<string>;
  beforeAll(async () => {
    service = await startService({ env: ceiling });
    whole = new Set(await listed(service, await service.token("whole")));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test.each(Array.from({ length: 8 }, (_, draw) => [draw]))(
    "holds for lists and calls alike, token %d",
    async (draw) => {
      const settings = drawn();
      await using alone = await startService({ env: settings });
      const own = new Set(await listed(alone, await alone.token("whole")));
      const value = await service.token(`t${draw}`, { settings });
      const list = await listed(service, value);
      expect(new Set(list)).toEqual(new Set([...own].filter((name) => whole.has(name))));

      const isReadOnly = [ceiling, settings].some((one) => "PROXMOX_READ_ONLY" in one);
      const denied = [ceiling, settings].flatMap((one: Record<string, string>) => (one.PROXMOX_DENY ?? "").split(","));
      const policy = { elevated: true, readOnly: isReadOnly, deny: kinds.filter((kind) => denied.includes(kind)) };
      for (const tool of some(catalogue, 12)) {
        for (const [action, operation] of [...tool.operations].slice(0, 3)) {
          // a call that can't work: what is looked at is whether it is let through to its arguments
          const given = { ...(action !== "" && { [tool.chooser]: action }), "no-such-argument": 1 };
          const text = await answerIn(await service.post(callOf(tool.name, given), bearer(value)));
          const expected =
            !list.includes(tool.name) ||
            denialOf(operation.kind, { ...policy, deny: deniedKinds(policy.deny) }) !== undefined;
          expect([tool.name, action, text.startsWith("🚫")]).toEqual([tool.name, action, expected]);
        }
      }
    },
  );
});

const deniedKinds = (words: readonly string[]) =>
  (["destroy", "exec", "reveal", "write"] as const).filter((kind) => words.includes(kind));

test("a token whose narrowing can't be read is good for nothing", async () => {
  await using service = await startService();
  for (const settings of [{ PROXMOX_TOOLSETS: "gests" }, { PROXMOX_TOOLS: "proxmox_nothing" }, { PROXMOX_HOST: "x" }]) {
    const name = `wrong${Object.keys(settings).join("").length}`;
    const value = await service.token(name, { settings });
    expect((await service.post(callOf("proxmox_guest_list"), bearer(value))).status).toBe(403);
  }
});

test("the service's settings are the ceiling: no token lifts what they forbid", async () => {
  await using service = await startService({ env: { PROXMOX_ALLOW_ELEVATED: "false" } });
  const value = await service.token("root", { settings: { PROXMOX_READ_ONLY: "false", PROXMOX_TOOLSETS: "all" } });
  const text = await answerIn(await service.post(callOf("proxmox_guest_start", { vmid: 100 }), bearer(value)));
  expect(text).toStartWith("🚫");
});
