import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

const config = async (from: ReturnType<typeof side>, path: string) =>
  record((await from.ask("GET", `/nodes/${path}/config`)).data);

describe("a snapshot", () => {
  test("is listed before the pseudo entry, keeps its description, and can be gone back to", async () => {
    const cluster = side();
    const { ask, run } = cluster;
    const base = "/nodes/pve3/qemu/111";
    const given = { snapname: "before", description: "before the change" };
    expect(await run("POST", `${base}/snapshot`, given)).toBe("OK");
    expect(await run("POST", `${base}/snapshot`, { snapname: "before" })).toBe("snapshot name 'before' already used");
    await ask("PUT", `${base}/config`, { cores: "2" });
    const list = rows((await ask("GET", `${base}/snapshot`)).data);
    expect(list).toEqual([
      { name: "before", description: "before the change", snaptime: expect.any(Number), vmstate: 0 },
      expect.objectContaining({ name: "current", description: "You are here!", parent: "before", running: 0 }),
    ]);
    expect((await ask("GET", `${base}/snapshot/before/config`)).data).toMatchObject({ cores: 8 });
    expect(await run("POST", `${base}/snapshot/before/rollback`)).toBe("OK");
    expect((await config(cluster, "pve3/qemu/111")).cores).toBe(8);
    expect(await run("DELETE", `${base}/snapshot/before`)).toBe("OK");
    expect(rows((await ask("GET", `${base}/snapshot`)).data)).toHaveLength(1);
    expect((await config(cluster, "pve3/qemu/111")).parent).toBeUndefined();
  });

  test("that isn't there fails in the task, and at once where PVE reads it", async () => {
    const { ask, run } = side();
    const base = "/nodes/pve3/qemu/111/snapshot/none";
    expect(await run("POST", `${base}/rollback`)).toBe("snapshot 'none' does not exist");
    expect(await run("DELETE", base)).toBe("snapshot 'none' does not exist");
    expect((await ask("GET", `${base}/config`)).message).toBe("snapshot 'none' does not exist\n");
  });

  test("of a template, or on a storage that can't, fails in the task", async () => {
    const { run } = side();
    const take = (path: string) => run("POST", `/nodes/${path}/snapshot`, { snapname: "s1" });
    expect(await take("pve1/qemu/9000")).toBe("you can't take a snapshot if it's a template");
    await run("POST", "/nodes/pve1/qemu", { vmid: "105", scsi0: "shared-nfs:1,format=raw" });
    expect(await take("pve1/qemu/105")).toBe("snapshot feature is not available");
  });

  test("with its memory comes back running", async () => {
    const { ask, run } = side();
    const base = "/nodes/pve1/qemu/100";
    expect(await run("POST", `${base}/snapshot`, { snapname: "live", vmstate: "1" })).toBe("OK");
    await run("POST", `${base}/status/stop`);
    expect(await run("POST", `${base}/snapshot/live/rollback`)).toBe("OK");
    expect((await ask("GET", `${base}/status/current`)).data).toMatchObject({ status: "running" });
  });
});

describe("a clone", () => {
  test("is full from a VM: another MAC, another UUID, its own volume", async () => {
    const cluster = side();
    const { run } = cluster;
    expect(await run("POST", "/nodes/pve3/qemu/111/clone", { newid: "140", name: "copy", full: "1" })).toBe("OK");
    const [source, copy] = [await config(cluster, "pve3/qemu/111"), await config(cluster, "pve3/qemu/140")];
    expect(copy).toMatchObject({ name: "copy", scsi0: "local-lvm:vm-140-disk-0,iothread=1,size=100G", cores: 8 });
    expect(copy.net0).not.toBe(source.net0);
    expect(copy.smbios1).not.toBe(source.smbios1);
    expect(copy.lock).toBeUndefined();
  });

  test("is linked from a template, whose base then can't be destroyed", async () => {
    const cluster = side();
    const { ask, run } = cluster;
    expect(await run("POST", "/nodes/pve1/qemu/9000/clone", { newid: "140", name: "from-template" })).toBe("OK");
    expect(await config(cluster, "pve1/qemu/140")).toMatchObject({
      scsi0: "shared-nfs:9000/base-9000-disk-0.qcow2/140/vm-140-disk-0.qcow2,iothread=1,size=16G",
    });
    expect(await run("DELETE", "/nodes/pve1/qemu/9000")).toBe(
      "base volume 'shared-nfs:9000/base-9000-disk-0.qcow2' is still in use by linked cloned",
    );
    expect((await ask("POST", "/nodes/pve1/qemu/9000/template")).message).toBe(
      "you can't convert a template to a template\n",
    );
  });

  test("is refused at once on a used id, to a node without the disk, and linked from what is no template", async () => {
    const { ask } = side();
    const clone = async (params: Record<string, string>) =>
      (await ask("POST", "/nodes/pve3/qemu/111/clone", params)).message.trimEnd();
    expect(await clone({ newid: "100" })).toBe("unable to create VM 100: config file already exists");
    expect(await clone({ newid: "140", target: "pve2", full: "1" })).toBe(
      "can't clone VM to node 'pve2' (VM uses local storage)",
    );
    expect(await clone({ newid: "140", full: "0" })).toBe(
      "Linked clone feature is not supported for 'local-lvm:vm-111-disk-0' (scsi0)",
    );
    expect(await clone({ newid: "140", snapname: "none" })).toBe("snapshot 'none' does not exist");
    expect((await ask("POST", "/nodes/pve1/lxc/103/clone", { newid: "140", full: "1" })).message).toBe(
      "Full clone of a running container is only possible from a snapshot\n",
    );
  });
});

describe("a migration", () => {
  test("takes the VM and its local disks along", async () => {
    const cluster = side();
    const { ask, run } = cluster;
    expect(await run("POST", "/nodes/pve3/qemu/111/migrate", { target: "pve1" })).toBe("OK");
    expect((await config(cluster, "pve1/qemu/111")).name).toBe("build-01");
    expect((await ask("GET", "/nodes/pve3/qemu/111/config")).status).toBe(500);
    const content = rows((await ask("GET", "/nodes/pve1/storage/local-lvm/content", { vmid: "111" })).data);
    expect(content).toHaveLength(1);
  });

  test("of a running VM is live, and aborts over a local disk whose reason only the log tells", async () => {
    const { ask, run } = side();
    const migrate = (path: string, params: Record<string, string>) => run("POST", `/nodes/${path}/migrate`, params);
    expect(await migrate("pve3/qemu/104", { target: "pve1", online: "1" })).toBe("OK");
    expect((await ask("GET", "/nodes/pve1/qemu/104/status/current")).data).toMatchObject({ status: "running" });
    expect(await migrate("pve1/qemu/100", { target: "pve2", online: "1" })).toBe("migration aborted");
    const [task] = rows((await ask("GET", "/nodes/pve1/tasks", { typefilter: "qmigrate", vmid: "100" })).data);
    const log = rows((await ask("GET", `/nodes/pve1/tasks/${String(task?.upid)}/log`)).data);
    expect(log.map((line) => String(line.t)).join("\n")).toContain(
      "can't migrate local disk 'local-lvm:vm-100-disk-0'",
    );
  });

  test("is refused to its own or an unknown node, and without a word on what runs", async () => {
    const { ask } = side();
    const migrate = (path: string, target: string) => ask("POST", `/nodes/${path}/migrate`, { target });
    expect((await migrate("pve1/qemu/100", "pve1")).errors).toEqual({ target: "target is local node." });
    expect((await migrate("pve1/qemu/100", "pve9")).message).toBe("no such cluster node 'pve9'\n");
    expect((await migrate("pve1/qemu/100", "pve2")).message).toBe("can't migrate running VM without --online\n");
    expect((await migrate("pve1/lxc/103", "pve2")).message).toBe(
      "can't migrate running container without --online or --restart\n",
    );
  });

  test("of a running container is a restart", async () => {
    const { run } = side();
    const live = { target: "pve1", online: "1" };
    expect(await run("POST", "/nodes/pve2/lxc/112/migrate", live)).toBe("migration aborted");
    expect(await run("POST", "/nodes/pve2/lxc/112/migrate", { target: "pve1", restart: "1" })).toBe("OK");
  });
});

describe("moving a disk", () => {
  test("leaves the old volume as unused, or removes it", async () => {
    const cluster = side();
    const { run, ask } = cluster;
    const move = (params: Record<string, string>) => run("POST", "/nodes/pve3/qemu/111/move_disk", params);
    expect(await move({ disk: "scsi0", storage: "shared-nfs" })).toBe("OK");
    expect(await config(cluster, "pve3/qemu/111")).toMatchObject({
      scsi0: "shared-nfs:111/vm-111-disk-0.raw,iothread=1,size=100G",
      unused0: "local-lvm:vm-111-disk-0",
    });
    expect(await move({ disk: "scsi0", storage: "local-lvm", delete: "1" })).toBe("OK");
    const left = rows((await ask("GET", "/nodes/pve3/storage/shared-nfs/content", { vmid: "111" })).data);
    expect(left).toEqual([]);
    expect(await move({ disk: "scsi9", storage: "local-lvm" })).toBe("refused: disk 'scsi9' does not exist\n");
    expect(Object.keys((await ask("POST", "/nodes/pve3/qemu/111/move_disk", { disk: "scsi0" })).errors).sort()).toEqual(
      ["storage", "target-vmid"],
    );
  });
});

describe("a new container", () => {
  const given = {
    vmid: "105",
    ostemplate: "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst",
    hostname: "ct",
    rootfs: "local-lvm:4",
    net0: "name=eth0,bridge=vmbr0,ip=dhcp",
    password: "long enough",
  };

  test("comes from a template and can be read back, without its password", async () => {
    const cluster = side();
    const { ask, run } = cluster;
    expect(await run("POST", "/nodes/pve1/lxc", { ...given, start: "1" })).toBe("OK");
    const values = await config(cluster, "pve1/lxc/105");
    expect(values).toMatchObject({
      hostname: "ct",
      ostype: "debian",
      memory: 512,
      unprivileged: 1,
      rootfs: "local-lvm:vm-105-disk-0,size=4G",
    });
    expect(values.password).toBeUndefined();
    expect((await ask("GET", "/nodes/pve1/lxc/105/status/current")).data).toMatchObject({ status: "running" });
    expect(rows((await ask("GET", "/nodes/pve1/lxc/105/interfaces")).data).map((row) => row.name)).toEqual([
      "lo",
      "eth0",
    ]);
  });

  test("fails in the task over a missing template, and at once over a storage or a used id", async () => {
    const { run } = side();
    const missing = { ...given, ostemplate: "local:vztmpl/none.tar.zst" };
    expect(await run("POST", "/nodes/pve1/lxc", missing)).toBe(
      "unable to create CT 105 - volume 'local:vztmpl/none.tar.zst' does not exist",
    );
    expect(await run("POST", "/nodes/pve1/lxc", { ...given, rootfs: "nosuch:1" })).toBe(
      "refused: storage 'nosuch' does not exist\n",
    );
    expect(await run("POST", "/nodes/pve1/lxc", { ...given, vmid: "103" })).toBe(
      "refused: CT 103 already exists on node 'pve1'\n",
    );
    expect(await run("POST", "/nodes/pve1/lxc", { ...given, rootfs: "local:1" })).toBe(
      "refused: storage 'local' does not support container directories\n",
    );
  });
});
