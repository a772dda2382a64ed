// The verdict of the parity run: what goes wrong in a call is found.
import { describe, expect, test } from "bun:test";
import type { Call } from "../../scripts/parity-run/calls.ts";
import { effectOf } from "../../scripts/parity-run/effect.ts";
import { isGood, judge } from "../../scripts/parity-run/judge.ts";
import { table } from "../../scripts/parity-run/table.ts";
import { endpointOf, type Passed } from "../../scripts/parity-run/wire.ts";

const line = table().find(({ label }) => label === "proxmox_guest_start type=vm");
const call: Call = { name: "required", given: { node: "pve1", vmid: 100 } };
const said = { text: "✅ VM 100 was started", isError: false, structured: {} };

function passed(method: string, path: string, status = 200): Passed {
  return { method, path, endpoint: endpointOf(method, path), status, text: "" };
}
const start = passed("POST", "/nodes/pve1/qemu/100/status/start");

function verdict(asked: Call, answer: typeof said, requests: readonly Passed[]) {
  if (!line) throw new Error("the table has no such line");
  return { ...judge(line, {}, asked, answer, requests), without: [] };
}

describe("a call is judged", () => {
  test("good when it reached its endpoint and was answered", () => {
    expect(isGood(verdict(call, said, [start]))).toBe(true);
  });
  test("by the endpoint that it reached", () => {
    const stop = passed("POST", "/nodes/pve1/qemu/100/status/stop");
    expect(verdict(call, said, [stop]).unreached).toEqual(["POST /nodes/{node}/qemu/{vmid}/status/start"]);
  });
  test.each([400, 501])("by requests that PVE refused with %i, however the call was answered", (status) => {
    expect(verdict(call, said, [start, passed("GET", "/nodes/pve1/status", status)]).refused.length).toBe(1);
  });
  test("by requests for what PVE doesn't have", () => {
    expect(verdict(call, said, [start, passed("POST", "/nodes/pve1/qemu/100/start")]).refused.length).toBe(1);
  });
  test.each(["undefined", "NaN", "N/A", "[object Object]"])("by an answer that reads %s", (nothing) => {
    expect(verdict(call, { ...said, text: `CPU: ${nothing}` }, [start]).faults.length).toBe(1);
  });
  test("by a refusal that is none, names nothing, or comes after a change", () => {
    const refused: Call = { ...call, refuses: ["vlan"] };
    expect(verdict(refused, said, [start]).faults.length).toBe(3);
    expect(isGood(verdict(refused, { ...said, text: "vlan: use tag", isError: true }, []))).toBe(true);
  });
});

const cluster = (data: unknown) => ({ ask: () => Promise.resolve(data) });

describe("an effect is read back", () => {
  test.each([
    [[{ name: "a", comment: "two words" }], "GET /pools has name=a comment=two%20words"],
    [[{ name: "a" }], "GET /pools has name=a comment="],
    [[{ name: "a" }], "GET /pools lacks name=b"],
    [{ info: { privsep: 1 } }, "GET /pools has info.privsep=1"],
    [{ scsi0: "local-lvm:vm-100-disk-0,size=34G" }, "GET /pools has scsi0=~size=34G$"],
    ["105", "GET /pools has value=105"],
  ])("%j %s", async (data, effect) => {
    expect(await effectOf(cluster(data), effect)).toBeUndefined();
  });
  test.each([
    [[{ name: "a", comment: "b" }], "GET /pools has name=a comment="],
    [[{ name: "a" }], "GET /pools has name=b"],
    [[{ name: "b" }], "GET /pools lacks name=b"],
    [{ a: 1 }, "GET /pools has b=~."],
  ])("and not where it isn't: %j %s", async (data, effect) => {
    expect(await effectOf(cluster(data), effect, 1)).toContain(effect);
  });
});
