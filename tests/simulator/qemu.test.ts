import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

const create = {
  vmid: "105",
  name: "new-vm",
  memory: "4096",
  cores: "2",
  ostype: "l26",
  scsihw: "virtio-scsi-single",
  scsi0: "local-lvm:50",
  net0: "virtio,bridge=vmbr0",
  ide2: "local:iso/ubuntu-26.04-live-server-amd64.iso,media=cdrom",
};

describe("a new VM", () => {
  test("gets a UPID at once, its disk and config in the task, and can be read back", async () => {
    const { ask, run } = side();
    expect((await ask("GET", "/cluster/nextid")).data).toBe("105");
    expect(await run("POST", "/nodes/pve1/qemu", create)).toBe("OK");
    const config = record((await ask("GET", "/nodes/pve1/qemu/105/config")).data);
    expect(config).toMatchObject({
      name: "new-vm",
      memory: "4096",
      cores: 2,
      scsi0: "local-lvm:vm-105-disk-0,size=50G",
      ide2: "local:iso/ubuntu-26.04-live-server-amd64.iso,media=cdrom,size=3332928K",
      boot: "order=scsi0;ide2;net0",
    });
    expect(config.net0).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0$/);
    expect(config.smbios1).toMatch(/^uuid=[0-9a-f-]{36}$/);
    expect(config.digest).toMatch(/^[0-9a-f]{40}$/);
    expect(config.meta).toMatch(/^creation-qemu=[\d.]+,ctime=\d+$/);
    const content = rows((await ask("GET", "/nodes/pve1/storage/local-lvm/content", { vmid: "105" })).data);
    expect(content).toEqual([
      expect.objectContaining({ volid: "local-lvm:vm-105-disk-0", size: 50 * 1024 ** 3, content: "images", vmid: 105 }),
    ]);
    const list = rows((await ask("GET", "/cluster/resources", { type: "vm" })).data);
    expect(list.find((row) => row.vmid === 105)).toMatchObject({
      status: "stopped",
      node: "pve1",
      maxdisk: 50 * 1024 ** 3,
    });
    expect((await ask("GET", "/cluster/nextid")).data).toBe("106");
  });

  test("is locked while it is made", async () => {
    const { ask, pass } = side();
    await ask("POST", "/nodes/pve1/qemu", create);
    pass(300);
    expect((await ask("GET", "/nodes/pve1/qemu/105/config")).data).toMatchObject({ lock: "create" });
  });

  test("is refused at once where the id is taken, in whatever node, and where the storage doesn't exist", async () => {
    const { run } = side();
    const taken = "refused: unable to create VM 101 - VM 101 already exists on node 'pve2'\n";
    expect(await run("POST", "/nodes/pve1/qemu", { vmid: "101" })).toBe(taken);
    const container = "refused: unable to create VM 103 - CT 103 already exists on node 'pve1'\n";
    expect(await run("POST", "/nodes/pve1/qemu", { vmid: "103" })).toBe(container);
    expect(await run("POST", "/nodes/pve1/qemu", { vmid: "105", scsi0: "nosuch:1" })).toBe(
      "refused: storage 'nosuch' does not exist\n",
    );
  });

  test("leaves nothing behind when its creation fails in the task", async () => {
    const { ask, run } = side();
    const exit = await run("POST", "/nodes/pve1/qemu", {
      vmid: "105",
      scsi0: "local-lvm:1",
      scsi1: "local-lvm:99999999",
    });
    expect(exit).toStartWith("unable to create VM 105 - ");
    expect((await ask("GET", "/nodes/pve1/qemu/105/config")).status).toBe(500);
    expect((await ask("GET", "/nodes/pve1/storage/local-lvm/content", { vmid: "105" })).data).toEqual([]);
  });

  test("starts, counts its uptime, stops", async () => {
    const { ask, run, pass } = side();
    await run("POST", "/nodes/pve1/qemu", create);
    expect(await run("POST", "/nodes/pve1/qemu/105/status/start")).toBe("OK");
    pass(30_000);
    const status = record((await ask("GET", "/nodes/pve1/qemu/105/status/current")).data);
    expect(status).toMatchObject({
      status: "running",
      qmpstatus: "running",
      vmid: 105,
      cpus: 2,
      maxmem: 4 * 1024 ** 3,
    });
    expect(Number(status.uptime)).toBeGreaterThan(80);
    expect(await run("POST", "/nodes/pve1/qemu/105/status/start")).toBe("VM 105 already running");
    expect(await run("POST", "/nodes/pve1/qemu/105/status/stop")).toBe("OK");
    expect((await ask("GET", "/nodes/pve1/qemu/105/status/current")).data).toMatchObject({
      status: "stopped",
      uptime: 0,
    });
    expect(await run("POST", "/nodes/pve1/qemu/105/status/stop")).toBe("OK");
  });
});

describe("a VM's config", () => {
  test("keeps what a running VM can't take yet as pending, until it is off", async () => {
    const { ask, run } = side();
    await ask("PUT", "/nodes/pve1/qemu/100/config", { memory: "8192", net1: "virtio,bridge=vmbr1" });
    const pending = rows((await ask("GET", "/nodes/pve1/qemu/100/pending")).data);
    expect(pending.find((row) => row.key === "memory")).toEqual({ key: "memory", value: "4096", pending: "8192" });
    expect(pending.find((row) => row.key === "net1")?.value).toMatch(/^virtio=BC:24:11/);
    expect((await ask("GET", "/nodes/pve1/qemu/100/config")).data).toMatchObject({ memory: "8192" });
    expect((await ask("GET", "/nodes/pve1/qemu/100/config", { current: "1" })).data).toMatchObject({ memory: "4096" });
    await run("POST", "/nodes/pve1/qemu/100/status/stop");
    expect((await ask("GET", "/nodes/pve1/qemu/100/config", { current: "1" })).data).toMatchObject({ memory: "8192" });
  });

  test("fails in the task over a NIC whose bridge isn't there, with the parameter in its text", async () => {
    const { run } = side();
    const exit = await run("POST", "/nodes/pve1/qemu/100/config", { net1: "virtio,bridge=vmbr99" });
    expect(exit).toBe("400 Parameter verification failed. net1: hotplug problem - bridge 'vmbr99' does not exist");
  });

  test("drops a pending change by revert", async () => {
    const { ask } = side();
    await ask("PUT", "/nodes/pve1/qemu/100/config", { memory: "8192", delete: "agent" });
    await ask("PUT", "/nodes/pve1/qemu/100/config", { revert: "memory,agent" });
    const pending = rows((await ask("GET", "/nodes/pve1/qemu/100/pending")).data);
    expect(pending.filter((row) => row.pending !== undefined || row.delete !== undefined)).toEqual([]);
  });

  test("detaches a disk to unused0 and destroys it there", async () => {
    const { ask, run } = side();
    expect(await run("POST", "/nodes/pve3/qemu/111/config", { scsi1: "local-lvm:5" })).toBe("OK");
    await ask("PUT", "/nodes/pve3/qemu/111/config", { delete: "scsi1" });
    const detached = record((await ask("GET", "/nodes/pve3/qemu/111/config")).data);
    expect([detached.scsi1, detached.unused0]).toEqual([undefined, "local-lvm:vm-111-disk-1"]);
    await ask("PUT", "/nodes/pve3/qemu/111/unlink", { idlist: "unused0" });
    const content = rows((await ask("GET", "/nodes/pve3/storage/local-lvm/content", { vmid: "111" })).data);
    expect(content.map((row) => row.volid)).toEqual(["local-lvm:vm-111-disk-0"]);
  });

  test("is guarded by its digest", async () => {
    const { ask } = side();
    const { digest } = record((await ask("GET", "/nodes/pve1/qemu/100/config")).data);
    const given = { description: "one", digest: String(digest) };
    expect((await ask("PUT", "/nodes/pve1/qemu/100/config", given)).status).toBe(200);
    const stale = await ask("PUT", "/nodes/pve1/qemu/100/config", given);
    expect([stale.status, stale.message]).toEqual([500, "checksum mismatch (file change by other user?)\n"]);
  });

  test("refuses what PVE refuses", async () => {
    const { ask } = side();
    const put = async (params: Record<string, string>) => {
      const { status, message, errors } = await ask("PUT", "/nodes/pve1/qemu/100/config", params);
      return [status, message.trimEnd(), errors];
    };
    expect(await put({})).toEqual([500, "no options specified", {}]);
    expect(await put({ delete: "nosuch" })).toEqual([
      400,
      "Parameter verification failed.",
      { delete: "unknown option 'nosuch'" },
    ]);
    expect(await put({ name: "x", delete: "name" })).toEqual([
      400,
      "Parameter verification failed.",
      { delete: "you can't use '-name' and -delete name' at the same time" },
    ]);
    expect(await put({ args: "-snapshot" })).toEqual([500, "only root can set 'args' config", {}]);
    expect(await put({ lock: "backup" })).toEqual([500, "only root can set 'lock' config", {}]);
    expect(await put({ memory: "64", skiplock: "1" })).toEqual([500, "Only root may use this option.", {}]);
  });

  test("takes SSH keys that are keys, and no others", async () => {
    const { ask } = side();
    const put = (key: string) => ask("PUT", "/nodes/pve1/qemu/100/config", { sshkeys: encodeURIComponent(key) });
    expect((await put("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@host")).message).toBe(
      "SSH public key validation error\n",
    );
    const body = "AAAAC3NzaC1lZDI1NTE5AAAAIJqp1bVZ0c4qQk7m0yQ0b1xqg5h0k3m2x1v9s8r7q6p5";
    expect((await put(`ssh-ed25519 ${body} me@host`)).status).toBe(200);
  });

  test("writes tags sorted and with semicolons, and hides the password", async () => {
    const { ask } = side();
    await ask("PUT", "/nodes/pve1/qemu/100/config", { tags: "prod,db", cipassword: "hidden-word" });
    const config = record((await ask("GET", "/nodes/pve1/qemu/100/config")).data);
    expect([config.tags, config.cipassword]).toEqual(["db;prod", "**********"]);
  });
});

describe("a VM's disk", () => {
  test("grows by and to a size; shrinking and a missing disk fail in the task", async () => {
    const { ask, run } = side();
    const resize = (size: string, disk = "scsi0") => run("PUT", "/nodes/pve3/qemu/111/resize", { disk, size });
    expect(await resize("+10G")).toBe("OK");
    expect((await ask("GET", "/nodes/pve3/qemu/111/config")).data).toMatchObject({
      scsi0: "local-lvm:vm-111-disk-0,iothread=1,size=110G",
    });
    expect(await resize("50G")).toBe("shrinking disks is not supported");
    expect(await resize("+1G", "scsi9")).toBe("disk 'scsi9' does not exist");
    const content = rows((await ask("GET", "/nodes/pve3/storage/local-lvm/content", { vmid: "111" })).data);
    expect(content[0]?.size).toBe(110 * 1024 ** 3);
  });
});

describe("a VM's end", () => {
  test("is refused while it runs or is protected; then config and volumes are gone", async () => {
    const { ask, run } = side();
    expect((await ask("DELETE", "/nodes/pve2/qemu/110")).message).toBe("VM 110 is running - destroy failed\n");
    expect((await ask("DELETE", "/nodes/pve1/qemu/102")).message).toBe(
      "can't remove VM 102 - protection mode enabled\n",
    );
    expect(await run("DELETE", "/nodes/pve3/qemu/111", { purge: "1" })).toBe("OK");
    expect((await ask("GET", "/nodes/pve3/qemu/111/config")).status).toBe(500);
    expect((await ask("GET", "/nodes/pve3/storage/local-lvm/content", { vmid: "111" })).data).toEqual([]);
  });
});

describe("a start", () => {
  test("of a missing, a running or a template VM fails in the task, after the UPID", async () => {
    const { run } = side();
    const start = (path: string) => run("POST", `/nodes/${path}/status/start`);
    expect(await start("pve1/qemu/999")).toBe("Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist");
    expect(await start("pve1/qemu/100")).toBe("VM 100 already running");
    expect(await start("pve1/qemu/9000")).toBe("you can't start a vm if it's a template");
    expect(await start("pve3/qemu/113")).toBe("bridge 'vmbr9' does not exist");
  });

  test("of what isn't running can't be replaced by reset, suspend, resume or reboot", async () => {
    const { ask } = side();
    for (const action of ["reset", "suspend", "resume", "reboot"]) {
      const answer = await ask("POST", `/nodes/pve3/qemu/111/status/${action}`);
      expect([answer.status, answer.message]).toEqual([500, "VM 111 not running\n"]);
    }
  });

  test("of a guest that ignores the power button ends only by force", async () => {
    const { run } = side();
    const shutdown = (params: Record<string, string>) => run("POST", "/nodes/pve2/qemu/130/status/shutdown", params);
    expect(await shutdown({ timeout: "5" })).toBe("VM quit/powerdown failed - got timeout");
    expect(await shutdown({ timeout: "5", forceStop: "1" })).toBe("OK");
  });

  test("and its pause show in the status", async () => {
    const { ask, run } = side();
    expect(await run("POST", "/nodes/pve1/qemu/100/status/suspend")).toBe("OK");
    const path = "/nodes/pve1/qemu/100/status/current";
    expect((await ask("GET", path)).data).toMatchObject({ status: "running", qmpstatus: "paused" });
    expect(await run("POST", "/nodes/pve1/qemu/100/status/resume")).toBe("OK");
    expect((await ask("GET", path)).data).toMatchObject({ qmpstatus: "running" });
  });
});
