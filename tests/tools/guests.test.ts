// What is shown of guests, against bodies that a genuine PVE sent, and on clusters of every size.
import { describe, expect, test } from "bun:test";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { bytes, percent } from "../../src/server/units.ts";
import { demo, told } from "./demo.ts";
import { cutOff, features, runningContainer, runningVm, series } from "./recorded/guests.ts";

const guests = [
  { type: "qemu", vmid: 100, name: "web1", node: "pve1", status: "running" },
  { type: "lxc", vmid: 200, name: "ct1", node: "pve1", status: "running" },
];
const over = (bodies: Readonly<Record<string, unknown>>) => ({ "/cluster/resources": guests, ...bodies });

/** The value behind `name: ` in the text of a record. */
const valueIn = (text: string, name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1];

describe("the status of a guest", () => {
  test.each([
    ["100", runningVm],
    ["200", runningContainer],
  ])("shows PVE's figures with their units: %s", async (vmid, body) => {
    const { text, data } = await told("guest_status", { vmid }, over({ "/status/current": body }));
    expect(valueIn(text, "cpu")).toBe(percent(body.cpu));
    for (const name of ["mem", "maxmem", "maxdisk", "netout"] as const)
      expect(valueIn(text, name)).toBe(bytes(body[name]));
    expect(data.record).toMatchObject({ cpu: body.cpu, mem: body.mem, cpus: body.cpus, pid: body.pid, node: "pve1" });
    expect(text).toStartWith(`✅ ${vmid === "100" ? "VM 100 (web1)" : "container 200 (ct1)"} is running on pve1`);
    expect(text).not.toMatch(/undefined|null|NaN|N\/A/);
  });

  test("of a managed guest holds the HA manager's word", async () => {
    const body = { ...runningVm, ha: { managed: 1, state: "migrate" }, lock: "migrate" };
    const { text } = await told("guest_status", { vmid: 100 }, over({ "/status/current": body }));
    expect([valueIn(text, "hastate"), valueIn(text, "lock")]).toEqual(["migrate", "migrate"]);
  });

  test("of a guest on a node that is cut off is told as that and not as running", async () => {
    const { answer } = await told("guest_status", { vmid: 132 }, { "/cluster/resources": cutOff });
    expect(answer).toMatchObject({ outcome: "error", kind: "node-down" });
    expect(answer.reason?.[0]).toBe("Guest 132 (haonthree) is on node pve3, which is offline.");
  });
});

describe("the guest list", () => {
  test("shows CPU as CPU, and memory as memory", async () => {
    const { answer, text } = await told("guest_list", {}, { "/cluster/resources": cutOff });
    const [vm] = cutOff;
    expect(answer.rows?.[0]).toMatchObject({ cpu: vm?.cpu, mem: vm?.mem });
    expect(text).toContain(` ${percent(vm?.cpu ?? 0)} | 1 | ${bytes(vm?.mem ?? 0)} | ${bytes(vm?.maxmem ?? 0)} `);
  });

  test("is not lost with a node, and what runs there is unknown though PVE shows it as running", async () => {
    const { answer } = await told("guest_list", {}, { "/cluster/resources": cutOff });
    expect(answer.rows?.map(({ vmid, status }) => [vmid, status])).toEqual([
      [100, "running"],
      [132, "unknown"],
    ]);
    expect(answer.notes?.[0]).toContain("node pve3 is not online");
  });

  test("is one request, and 10,000 guests are told in at most 8,000 tokens with what was cut", async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({
      ...cutOff[0],
      vmid: 100 + n,
      name: `web-${n}`,
      id: `qemu/${n}`,
    }));
    const { answer, text } = await told("guest_list", {}, { "/cluster/resources": many });
    expect(answer.summary).toBe("10000 guests");
    expect(encode(text).length).toBeLessThan(8000);
    expect(answer.notes?.join(" ")).toMatch(/Cut: \d+ of 10000 rows are shown. Narrow it with/);
  });
});

describe("a feature", () => {
  test.each(["copy", "snapshot"] as const)("that PVE has or has not is told so: %s", async (feature) => {
    const body = features[feature];
    const { text, data } = await told("guest_feature", { vmid: 100, feature }, over({ "/feature": body }));
    expect(text).toStartWith(`✅ Feature ${feature} of VM 100 (web1): ${body.hasFeature === 1 ? "yes" : "no"}`);
    expect(data.record).toEqual({ hasFeature: body.hasFeature, nodes: body.nodes });
  });

  test("is that of the guest as it stands", async () => {
    const { call } = demo();
    expect((await call("guest_feature", { vmid: 9000, feature: "clone" })).summary).toEndWith("yes");
    expect((await call("guest_feature", { vmid: 100, feature: "clone" })).summary).toEndWith("no");
  });
});

describe("figures over time", () => {
  const shown = (given: Readonly<Record<string, unknown>> = {}) =>
    told("guest_rrddata", { vmid: 100, ...given }, over({ "/rrddata": series }));

  test("begin with the newest point", async () => {
    const { answer } = await shown();
    const newest = series.map(({ time }) => time).sort((one, other) => other - one);
    expect(answer.rows?.flatMap(({ of, time }) => (of === "point" ? [time] : []))).toEqual(newest.slice(0, 4));
    expect((await shown({ limit: 1 })).answer.rows).toHaveLength(4);
  });

  test("hold minimum, mean and maximum of each figure, over the points that have it", async () => {
    const { answer } = await shown();
    for (const name of ["cpu", "mem", "netin", "diskwrite"] as const) {
      const figures = series.flatMap((point) => (point[name] === undefined ? [] : [point[name]]));
      const mean = figures.reduce((sum, one) => sum + one, 0) / figures.length;
      const expected = { minimum: Math.min(...figures), mean, maximum: Math.max(...figures) };
      for (const [of, value] of Object.entries(expected))
        expect(answer.rows?.find((row) => row.of === of)?.[name]).toBeCloseTo(value, 9);
    }
  });

  test("read in units", async () => {
    const { text } = await shown({ limit: 1 });
    const last = series.at(-1);
    expect(text).toContain(`${new Date((last?.time ?? 0) * 1000).toISOString().replace(".000Z", "Z")}`);
    expect(text).toContain(` ${percent(last?.cpu ?? 0)} | 1 | ${bytes(last?.mem ?? 0)} | `);
    expect(text).not.toMatch(/undefined|NaN/);
  });

  test("need no timeframe", async () => {
    const { call } = demo();
    expect((await call("guest_rrddata", { vmid: 103 })).outcome).toBe("ok");
    expect((await call("guest_rrddata", { vmid: 103, timeframe: "year", cf: "MAX" })).rows?.[0]?.of).toBe("point");
  });

  test("of a time without any are no error", async () => {
    const { answer } = await told("guest_rrddata", { vmid: 100 }, over({ "/rrddata": [{ time: 1 }, { time: 61 }] }));
    expect(answer).toMatchObject({ outcome: "ok", rows: [], notes: ["Nothing was measured in this time."] });
  });
});
