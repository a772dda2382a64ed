import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

describe("a container", () => {
  test("takes a second interface at once, with a MAC and its type", async () => {
    const { ask } = side();
    expect(
      (await ask("PUT", "/nodes/pve1/lxc/103/config", { net1: "name=eth1,bridge=vmbr1,ip=dhcp" })).data,
    ).toBeNull();
    const config = record((await ask("GET", "/nodes/pve1/lxc/103/config")).data);
    expect(config.net1).toMatch(/^name=eth1,bridge=vmbr1,hwaddr=BC:24:11(:[0-9A-F]{2}){3},ip=dhcp,type=veth$/);
    expect(config.memory).toBe(1024);
  });

  test("can't have an interface plugged into a bridge that isn't there", async () => {
    const { ask } = side();
    const answer = await ask("PUT", "/nodes/pve1/lxc/103/config", { net1: "name=eth1,bridge=vmbr99" });
    expect(answer.errors).toEqual({ net1: "unable to hotplug net1: bridge 'vmbr99' does not exist\n" });
  });

  test("is refused at once where a VM's call would only fail in the task", async () => {
    const { ask } = side();
    expect((await ask("POST", "/nodes/pve1/lxc/103/status/start")).message).toBe("CT 103 already running\n");
    expect((await ask("POST", "/nodes/pve1/lxc/120/status/stop")).message).toBe("CT 120 not running\n");
    expect((await ask("PUT", "/nodes/pve1/lxc/103/resize", { disk: "rootfs", size: "1G" })).message).toBe(
      "unable to shrink disk size\n",
    );
    expect((await ask("PUT", "/nodes/pve1/lxc/103/config", { features: "keyctl=1" })).message).toBe(
      "Permission check failed (changing feature flags (except nesting) is only allowed for root@pam)\n",
    );
    expect((await ask("PUT", "/nodes/pve1/lxc/103/config", { delete: "rootfs" })).message).toBe(
      "unable to delete required option 'rootfs'\n",
    );
  });

  test("keeps pending what waits for its next start", async () => {
    const { ask } = side();
    await ask("PUT", "/nodes/pve1/lxc/103/config", { features: "nesting=1", swap: "128", description: "text" });
    const pending = rows((await ask("GET", "/nodes/pve1/lxc/103/pending")).data);
    expect(pending).toContainEqual({ key: "features", pending: "nesting=1" });
    expect(pending).toContainEqual({ key: "swap", value: 128 });
    expect(pending).toContainEqual({ key: "description", value: "text\n" });
  });

  test("starts, shuts down and goes", async () => {
    const { run, ask } = side();
    expect(await run("POST", "/nodes/pve1/lxc/120/status/start")).toBe("OK");
    expect((await ask("GET", "/nodes/pve1/lxc/120/status/current")).data).toMatchObject({
      status: "running",
      type: "lxc",
    });
    expect((await ask("DELETE", "/nodes/pve1/lxc/120")).message).toBe(
      "unable to destroy CT 120 - container is running\n",
    );
    expect(await run("POST", "/nodes/pve1/lxc/120/status/shutdown")).toBe("OK");
    expect(await run("DELETE", "/nodes/pve1/lxc/120")).toBe("OK");
  });
});
