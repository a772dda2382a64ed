// Starting and stopping guests: what PVE's list says afterwards, and what is told of it.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

/** What PVE's list of all guests says of one. */
async function listed({ ask }: ReturnType<typeof demo>, vmid: number): Promise<Record<string, unknown>> {
  const rows = (await ask("GET", "/cluster/resources", { type: "vm" })) as Record<string, unknown>[];
  return rows.find((row) => row.vmid === vmid) ?? {};
}

describe("a guest", () => {
  test.each([
    ["start", 111, "VM 111 (build-01) was started", "running"],
    ["start", 120, "container 120 (test) was started", "running"],
    ["stop", 100, "VM 100 (web-01) was stopped", "stopped"],
    ["stop", 103, "container 103 (proxy) was stopped", "stopped"],
    ["shutdown", 100, "VM 100 (web-01) was shut down", "stopped"],
    ["shutdown", 103, "container 103 (proxy) was shut down", "stopped"],
    ["reboot", 100, "VM 100 (web-01) was rebooted", "running"],
    ["reboot", 103, "container 103 (proxy) was rebooted", "running"],
  ])("is told to %s: %i", async (verb, vmid, summary, status) => {
    const cluster = demo();
    const answer = await cluster.call(`guest_${verb}`, { vmid });
    expect(answer).toMatchObject({ outcome: "ok", summary, record: { vmid, status } });
    expect((await listed(cluster, vmid)).status).toBe(status);
  });

  test("that stands already is told as that: stop of what is stopped", async () => {
    const answer = await demo().call("guest_stop", { vmid: 111 });
    expect(answer).toMatchObject({
      outcome: "ok",
      summary: "VM 111 (build-01) is stopped, as PVE's list had it before",
    });
    const container = await demo().call("guest_stop", { vmid: 120 });
    expect(container).toMatchObject({ outcome: "error", reason: ["CT 120 not running", expect.any(String)] });
    const started = await demo().call("guest_start", { vmid: 100 });
    expect(started).toMatchObject({ outcome: "failed", reason: ["VM 100 already running"] });
  });

  test("whose start fails is not told as started, and PVE's reason is", async () => {
    const answer = await demo().call("guest_start", { vmid: 113 });
    expect(answer).toMatchObject({ outcome: "failed", reason: ["bridge 'vmbr9' does not exist"] });
  });

  test("takes PVE's options: timeout, forceStop, overrule-shutdown", async () => {
    const cluster = demo();
    await cluster.call("create_vm", { node: "pve1", vmid: 200 });
    await cluster.call("guest_start", { vmid: 200 });
    const deaf = await cluster.call("guest_shutdown", { vmid: 200, timeout: 3 });
    expect(deaf).toMatchObject({ outcome: "failed", reason: ["VM quit/powerdown failed - got timeout"] });
    expect((await listed(cluster, 200)).status).toBe("running");
    expect((await cluster.call("guest_shutdown", { vmid: 200, timeout: 3, forceStop: true })).outcome).toBe("ok");
    expect((await listed(cluster, 200)).status).toBe("stopped");
    expect((await cluster.call("guest_stop", { vmid: 100, "overrule-shutdown": true })).outcome).toBe("ok");
  });

  test("that ended by itself before its state was read is not told as running", async () => {
    const cluster = demo();
    const { simulator, call } = cluster;
    const fetch = simulator.fetch.bind(simulator);
    simulator.fetch = async (request) => {
      if (request.url.endsWith("/111/status/current")) delete simulator.state.guests["111"]?.process;
      return fetch(request);
    };
    const answer = await call("guest_start", { vmid: 111 });
    expect(answer).toMatchObject({
      outcome: "failed",
      summary: "The task ended OK, but VM 111 (build-01) is stopped on pve3",
    });
  });
});

describe("a VM", () => {
  const qmp = async ({ record }: ReturnType<typeof demo>) =>
    (await record("/nodes/pve1/qemu/100/status/current")).qmpstatus;

  test("that is paused is paused and goes on", async () => {
    const cluster = demo();
    expect(await cluster.call("guest_pause", { vmid: 100 })).toMatchObject({
      outcome: "ok",
      record: { qmpstatus: "paused" },
    });
    expect(await qmp(cluster)).toBe("paused");
    expect(await cluster.call("guest_resume", { vmid: "web-01" })).toMatchObject({
      summary: "VM 100 (web-01) goes on",
    });
    expect(await qmp(cluster)).toBe("running");
  });

  test("that is suspended to disk is stopped, and resuming reads it back", async () => {
    const cluster = demo();
    const answer = await cluster.call("guest_pause", { vmid: 100, todisk: true });
    expect(answer.summary).toStartWith("VM 100 (web-01) was suspended to disk");
    expect(await cluster.record("/nodes/pve1/qemu/100/config")).toMatchObject({ lock: "suspended" });
    await cluster.call("guest_resume", { vmid: 100 });
    expect(await qmp(cluster)).toBe("running");
  });

  test("alone can be paused", async () => {
    const answer = await demo().call("guest_pause", { vmid: 103 });
    expect(answer.reason?.[0]).toBe("No guest 103 of type qemu; there is 103 proxy (lxc on pve1, running).");
  });
});

describe("a guest that the HA manager keeps", () => {
  async function managed() {
    const cluster = demo({ timed: true });
    await cluster.ask("POST", "/cluster/ha/resources", { sid: "vm:100", state: "started" });
    return cluster;
  }

  test("is waited for: PVE's task ends some seconds before anything happens", async () => {
    const cluster = await managed();
    const stopped = await cluster.call("guest_stop", { vmid: 100 });
    expect(stopped).toMatchObject({ outcome: "ok", record: { status: "stopped", hastate: "stopped" } });
    expect(stopped.notes).toEqual([expect.stringContaining("asked the HA manager")]);
    expect(stopped.task?.upid).toContain(":hastop:");
    expect((await listed(cluster, 100)).status).toBe("stopped");
    expect(await cluster.call("guest_start", { vmid: 100 })).toMatchObject({
      outcome: "ok",
      record: { status: "running" },
    });
  });

  test("and isn't there in time is told as on its way", async () => {
    const answer = await (await managed()).call("guest_stop", { vmid: 100, wait: 2 });
    expect(answer).toMatchObject({ outcome: "running", record: { status: "running" } });
    expect(answer.summary).toBe("The HA manager was asked to have VM 100 (web-01) stopped, and has not done it yet");
  });

  test("moves when the manager moves it", async () => {
    const { call, ask, record } = demo({ timed: true });
    await call("create_vm", { node: "pve1", vmid: 200, disk_size: 1, storage: "shared-nfs" });
    await ask("POST", "/cluster/ha/resources", { sid: "vm:200", state: "stopped" });
    const late = await call("guest_migrate", { vmid: 200, target: "pve3", wait: 2 });
    expect(late).toMatchObject({ outcome: "running", record: { node: "pve1" } });
    const moved = await call("guest_migrate", { vmid: 200, target: "pve2" });
    expect(moved).toMatchObject({ outcome: "ok", record: { node: "pve2", hastate: "stopped" } });
    expect(moved.task?.upid).toContain(":hamigrate:");
    expect(await record("/nodes/pve2/qemu/200/config")).toMatchObject({
      scsi0: expect.stringContaining("shared-nfs:"),
    });
  });
});
