// Console tickets: what opens them is built right, and how long they live is said as it is.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { containerScreen, spice, vmScreen } from "./recorded/consoles.ts";

const guests = [
  { type: "qemu", vmid: 100, name: "web-01", node: "pve1", status: "running" },
  { type: "lxc", vmid: 240, name: "dns-01", node: "pve1", status: "running" },
];

describe("a VNC ticket", () => {
  test.each([
    ["qemu", 100, vmScreen],
    ["lxc", 240, containerScreen],
  ] as const)("of a %s opens a websocket whose path carries the ticket whole", async (type, vmid, body) => {
    const given = { vmid, type: type === "qemu" ? "vm" : "lxc" };
    const { data } = await told("console_vnc", given, { "/cluster/resources": guests, "/vncproxy": body });
    const record: Record<string, unknown> = { ...(data.record as object) };
    expect(record).toMatchObject({ password: body.password, port: body.port, user: body.user });
    const { pathname, searchParams } = new URL(String(record.websocket), "https://pve:8006");
    expect(pathname).toBe(`/api2/json/nodes/pve1/${type}/${vmid}/vncwebsocket`);
    expect(Object.fromEntries(searchParams)).toEqual({ port: body.port, vncticket: body.ticket });
  });

  test("is good for as long as PVE waits for somebody: ten seconds", async () => {
    const { notes } = await demo().call("console_vnc", { type: "vm", node: "pve1", vmid: 100 });
    expect(notes?.join(" ")).toContain("Connect within 10 seconds");
  });

  test("is one that the embedded cluster's websocket takes", async () => {
    const { call, ask } = demo();
    const { record } = await call("console_vnc", { vmid: "web-01" });
    const { pathname, searchParams } = new URL(String(record?.websocket), "https://pve:8006");
    const found = await ask("GET", pathname.slice("/api2/json".length), Object.fromEntries(searchParams));
    expect(found).toEqual({ port: String(record?.port) });
  });

  test("asks for a websocket, which alone reaches PVE's API, and takes the options that the seed lacks", async () => {
    const { call, simulator } = demo();
    const given = { vmid: 100, websocket: false, "generate-password": true };
    expect((await call("console_vnc", given)).record?.password).toHaveLength(8);
    const container = Object.values(simulator.state.guests).find(({ type, process }) => type === "lxc" && process);
    expect((await call("console_vnc", { vmid: container?.vmid })).record?.password).toHaveLength(8);
  });

  test("of a guest that is stopped says that there is nothing to see", async () => {
    const { call, simulator } = demo();
    const stopped = Object.values(simulator.state.guests).find(({ type, process }) => type === "qemu" && !process);
    const { notes } = await call("console_vnc", { vmid: stopped?.vmid });
    expect(notes?.[0]).toContain("stopped");
  });
});

describe("a terminal ticket", () => {
  test("of a container is made at once", async () => {
    const { call, simulator, ask } = demo();
    const container = Object.values(simulator.state.guests).find(({ type, process }) => type === "lxc" && process);
    const { record } = await call("console_term", { vmid: container?.vmid, type: "lxc" });
    expect(record?.websocket).toContain(`/lxc/${container?.vmid}/vncwebsocket?port=`);
    const tasks = await ask("GET", `/nodes/${container?.node}/tasks`, { source: "all" });
    expect(tasks).toContainEqual(expect.objectContaining({ upid: record?.upid }));
  });

  test("of a VM without a serial port is refused, since PVE's would open nothing", async () => {
    const { call, ask, changes } = demo();
    const refused = await call("console_term", { vmid: 100 });
    expect(refused.reason?.[0]).toContain("has no serial port");
    expect(changes).toEqual([]);
    await ask("PUT", "/nodes/pve1/qemu/100/config", { serial0: "socket" });
    expect((await call("console_term", { vmid: 100 })).outcome).toBe("ok");
    expect((await call("console_term", { vmid: 100, serial: "serial1" })).reason?.[0]).toContain("has serial0");
  });
});

describe("a SPICE file", () => {
  test("holds what PVE said, a line each", async () => {
    const { data } = await told("console_spice", { vmid: 100 }, { "/cluster/resources": guests, "/spiceproxy": spice });
    const lines: unknown = data.lines;
    const all = Array.isArray(lines) ? lines : [];
    expect(all[0]).toBe("[virt-viewer]");
    expect(all.slice(1).sort()).toEqual(
      Object.entries(spice)
        .map(([key, value]) => `${key}=${value}`)
        .sort(),
    );
  });

  test("goes through the proxy that was asked for", async () => {
    const { lines } = await demo().call("console_spice", { vmid: 100, proxy: "192.0.2.11" });
    expect(lines).toContain("proxy=http://192.0.2.11:3128");
  });
});

test("consoles run nothing unless elevated operations are allowed", async () => {
  const { call, changes } = demo({ policy: { elevated: false, readOnly: false, deny: [] } });
  for (const name of ["console_vnc", "console_term", "console_spice"])
    expect((await call(name, { vmid: 100 })).outcome).toBe("denied");
  expect(changes).toEqual([]);
});
