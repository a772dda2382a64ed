// What an operator has to be able to rely on about guests, where PVE's own words say less than is so.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

describe("a reboot", () => {
  test("is told as done when the VM runs again, though PVE's task ends while it is down", async () => {
    const cluster = demo({ timed: true });
    const answer = await cluster.call("guest_reboot", { vmid: 100 });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: 100, status: "running" } });
    const tasks = (await cluster.ask("GET", "/nodes/pve1/tasks", { source: "all", vmid: "100" })) as {
      type: string;
      user: string;
    }[];
    expect(tasks.slice(0, 2).map(({ type }) => type)).toEqual(["qmstart", "qmreboot"]);
    expect(tasks[0]?.user).toBe("root@pam");
  });

  test("after which the VM doesn't come up is told as down, and not as rebooted", async () => {
    const cluster = demo({ timed: true });
    const guest = cluster.simulator.state.guests[100];
    if (!guest) throw new Error("no guest");
    guest.config.values.net0 = "virtio=BC:24:11:00:00:01,bridge=vmbr9";
    const answer = await cluster.call("guest_reboot", { vmid: 100 });
    expect(answer).toMatchObject({
      outcome: "running",
      summary: "VM 100 (web-01) went down for its reboot, and is stopped still",
    });
  });
});
