import { describe, expect, test } from "bun:test";
import { run } from "../../src/commands/simulator.ts";
import { readSimulatorOptions } from "../../src/commands/simulator-options.ts";
import { collected } from "./collected.ts";

describe("the options of simulator", () => {
  test("are the demo on loopback, at its own pace, without any", () => {
    expect(readSimulatorOptions({})).toEqual({
      listen: "127.0.0.1",
      pve: "9.2",
      start: "demo",
      speed: 1,
      offline: [],
      quorumLost: false,
      ceph: false,
      faults: [],
    });
  });

  test("are read each as what it is", () => {
    const options = {
      port: "0",
      pve: "8.4",
      nodes: "5",
      guests: "10000",
      speed: "2.5",
      seed: "7",
      listen: "::1",
      offline: "pve2\npve5,pve4",
      "no-quorum": true,
      ceph: true,
      fault: "latency,ms=5\nreset-after,nth=1",
    } as const;
    expect(readSimulatorOptions(options)).toMatchObject({
      port: 0,
      pve: "8.4",
      nodes: 5,
      guests: 10_000,
      speed: 2.5,
      seed: 7,
      listen: "::1",
      offline: ["pve2", "pve5", "pve4"],
      quorumLost: true,
      ceph: true,
      faults: [
        { kind: "latency", ms: 5 },
        { kind: "reset-after", nth: 1 },
      ],
    });
  });

  test.each([
    [{ port: "x" }, "--port is a whole number from 0 to 65535"],
    [{ port: "65536" }, "--port is a whole number from 0 to 65535"],
    [{ pve: "7.4" }, "--pve is one of 8.4, 9.1, 9.2"],
    [{ nodes: "0" }, "--nodes is a whole number from 1 to 100"],
    [{ guests: "10001" }, "--guests is a whole number from 0 to 10000"],
    [{ guests: "-1" }, "--guests is a whole number from 0 to 10000"],
    [{ start: "empty" }, "--start is one of demo, recorded"],
    [{ start: "recorded", guests: "5" }, "--start recorded is a cluster of its own"],
    [{ speed: "0" }, "--speed is a number above 0"],
    [{ speed: "fast" }, "--speed is a number above 0"],
    [{ offline: "pve4" }, "--offline pve4: the nodes are pve1, pve2, pve3"],
    [{ fault: "latency,nth=0" }, "--fault latency,nth=0: nth is a whole number from 1 on"],
  ])("%p are refused", (options, expected) => {
    const read = readSimulatorOptions(options);
    expect("problem" in read ? read.problem : "").toStartWith(expected);
  });
});

describe("simulator", () => {
  test("tells a wrong option in one line, and ends with 2", async () => {
    const [out, err] = [collected(), collected()];
    expect(await run({ options: { pve: "7" }, stdout: out.stdout, stderr: err.stdout })).toBe(2);
    expect(out.text()).toBe("");
    expect(err.text()).toBe("proxmox-mcp: --pve is one of 8.4, 9.1, 9.2; see proxmox-mcp simulator --help\n");
  });

  test("tells an address that it can't listen on in one line, and ends with 1", async () => {
    const [out, err] = [collected(), collected()];
    const options = { listen: "192.0.2.1", port: "0" };
    expect(await run({ options, stdout: out.stdout, stderr: err.stdout })).toBe(1);
    expect(err.text()).toMatch(/^proxmox-mcp simulator: .*EADDRNOTAVAIL.*\n$/);
  });

  test("--coverage lists what is modelled, and --json both lists of all endpoints", async () => {
    const [plain, json] = [collected(), collected()];
    expect(await run({ options: { coverage: true }, stdout: plain.stdout, stderr: plain.stdout })).toBe(0);
    expect(await run({ options: { coverage: true, json: true }, stdout: json.stdout, stderr: json.stdout })).toBe(0);
    const { modelled, missing } = JSON.parse(json.text());
    expect(modelled.length + missing.length).toBe(661);
    expect(modelled).toContain("GET /version");
    expect(plain.text()).toContain(`\n${modelled.length} of 661 endpoints are modelled.`);
    for (const key of modelled) expect(plain.text()).toContain(`  ${key}\n`);
  });
});
