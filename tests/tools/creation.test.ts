// VMs and containers that are created: with what people say, in the units in which they say it.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKtVbUvT4Kr0Y7tPoNAEPaMbnFFXt0IEnMWv7DTT9yQe x@y";

describe("a VM", () => {
  test("has its disk, NIC, ISO, cloud-init and agent from one call, and runs", async () => {
    const { call, record } = demo();
    const answer = await call("create_vm", {
      node: "pve1",
      vmid: 300,
      name: "ci",
      memory: "2G",
      cores: 2,
      disk_size: "10G",
      net0: "virtio,bridge=vmbr0",
      iso: "debian-13.1.0-amd64-netinst.iso",
      ciuser: "admin",
      cipassword: "hunter2hunter2",
      sshkeys: key,
      ipconfig0: "ip=dhcp",
      agent: true,
      start: true,
    });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: 300, node: "pve1" } });
    expect(JSON.stringify(answer)).not.toContain("hunter2");
    expect(await record("/nodes/pve1/qemu/300/config")).toMatchObject({
      memory: "2048",
      scsi0: expect.stringMatching(/^local-lvm:.*size=10G/),
      ide2: expect.stringContaining("debian"),
      ide0: expect.stringContaining("cloudinit"),
      agent: "1",
      sshkeys: encodeURIComponent(key),
      cipassword: "**********",
    });
    expect(await record("/nodes/pve1/qemu/300/status/current")).toMatchObject({ status: "running" });
    expect((await call("cloudinit", { action: "get", vmid: 300 })).rows).toContainEqual({
      key: "ciuser",
      value: "admin",
    });
  });

  test.each([
    ["1T", "1T"],
    ["512M", "512M"],
    ["50", "50G"],
    [8, "8G"],
    ["1.5 TiB", "1536G"],
  ])("with disk_size %s gets a disk of %s", async (disk_size, size) => {
    const { call, record } = demo();
    await call("create_vm", { node: "pve1", vmid: 300, disk_size, storage: "shared-nfs" });
    expect((await record("/nodes/pve1/qemu/300/config")).scsi0).toMatch(new RegExp(`^shared-nfs:.*size=${size}$`));
  });

  test.each([
    ["debian-13.1.0-amd64-netinst.iso", "local:iso/debian-13.1.0-amd64-netinst.iso"],
    ["iso/debian-13.1.0-amd64-netinst.iso", "local:iso/debian-13.1.0-amd64-netinst.iso"],
    ["ubuntu", "local:iso/ubuntu-26.04-live-server-amd64.iso"],
    ["none", "none,media=cdrom"],
  ])("with the ISO %s gets the one of that name", async (iso, ide2) => {
    const { call, record } = demo();
    await call("create_vm", { node: "pve1", vmid: 300, iso });
    expect((await record("/nodes/pve1/qemu/300/config")).ide2).toStartWith(ide2);
  });

  test("with an ISO that isn't there is refused with those that are", async () => {
    const { call, changes } = demo();
    const answer = await call("create_vm", { node: "pve1", iso: "fedora.iso" });
    expect(answer.reason?.[0]).toContain("is on no storage of pve1; there is local:iso/debian");
    expect(changes).toEqual([]);
  });

  test("gets no second drive for cloud-init beside the one that is given", async () => {
    const { call, record } = demo();
    await call("create_vm", { node: "pve1", vmid: 300, scsi1: "local-lvm:cloudinit", ciuser: "a" });
    expect(
      Object.values(await record("/nodes/pve1/qemu/300/config")).filter((text) => String(text).includes("cloudinit")),
    ).toHaveLength(1);
  });
});

describe("a container", () => {
  test("has what was asked for, from a template by its name, unprivileged; its password is never told", async () => {
    const { call, record } = demo();
    const answer = await call("create_lxc", {
      node: "pve1",
      vmid: 300,
      ostemplate: "debian-13-standard_13.1-2_amd64",
      hostname: "dns",
      password: "hunter2hunter2",
      "ssh-public-keys": key,
      memory: "1G",
      swap: "256M",
      cores: 2,
      storage: "shared-nfs",
      rootfs: "8G",
      net0: "name=eth0,bridge=vmbr0,ip=dhcp",
      nameserver: "192.0.2.53",
      features: "nesting=1",
      start: true,
    });
    expect(answer.outcome).toBe("ok");
    expect(JSON.stringify(answer)).not.toContain("hunter2");
    expect(await record("/nodes/pve1/lxc/300/config")).toMatchObject({
      hostname: "dns",
      memory: 1024,
      swap: 256,
      cores: 2,
      unprivileged: 1,
      nameserver: "192.0.2.53",
      features: "nesting=1",
      rootfs: expect.stringMatching(/^shared-nfs:.*size=8G$/),
      net0: expect.stringContaining("ip=dhcp"),
    });
    expect(await record("/nodes/pve1/lxc/300/status/current")).toMatchObject({ status: "running" });
  });

  test.each([
    [{}, /^local-lvm:.*size=4G$/],
    [{ rootfs: 6 }, /^local-lvm:.*size=6G$/],
    [{ rootfs: "shared-nfs:3" }, /^shared-nfs:.*size=3G$/],
    [{ storage: "shared-nfs" }, /^shared-nfs:.*size=4G$/],
  ])("with %j goes to the right storage", async (given, rootfs) => {
    const { call, record } = demo();
    const answer = await call("create_lxc", { node: "pve1", ostemplate: "alpine", ...given });
    expect(answer.notes?.[0]).toContain("pct enter");
    expect((await record(`/nodes/pve1/lxc/${answer.record?.vmid}/config`)).rootfs).toMatch(rootfs);
  });

  test.each([
    ["centos", "is on no storage of pve1; there is local:vztmpl/alpine"],
    ["standard", "is one of local:vztmpl/debian-13"],
  ])("from a template called %s is refused with those that there are", async (ostemplate, why) => {
    const { call, changes } = demo();
    const answer = await call("create_lxc", { node: "pve1", ostemplate });
    expect(answer.reason?.[0]).toContain(why);
    expect(changes).toEqual([]);
  });

  test("is privileged when it is asked for", async () => {
    const { call, record } = demo();
    await call("create_lxc", {
      node: "pve1",
      vmid: 300,
      ostemplate: "alpine",
      unprivileged: "false",
      password: "12345",
    });
    expect((await record("/nodes/pve1/lxc/300/config")).unprivileged).not.toBe(1);
  });
});

test.each([
  ["create_vm", { archive: "local:backup/vzdump-qemu-100-2026_11_01-00_00_00.vma.zst" }],
  ["create_lxc", { ostemplate: "local:backup/vzdump-lxc-103-2026_11_01-00_00_00.tar.zst", restore: true }],
])("%s never replaces a guest that is there", async (name, given) => {
  const { call, changes } = demo();
  const answer = await call(name, { node: "pve1", vmid: name === "create_vm" ? 100 : 103, force: true, ...given });
  expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
  expect(answer.reason?.[0]).toContain("proxmox_backup action=restore_over");
  expect(changes).toEqual([]);
});
