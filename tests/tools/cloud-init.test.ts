// Cloud-init: what the image holds and what it doesn't yet, and nothing secret without elevated rights.
import { describe, expect, test } from "bun:test";
import { masked } from "../../src/handlers/user-data.ts";
import type { Policy } from "../../src/toolkit/gate.ts";
import { demo, told } from "./demo.ts";
import { cloudInitSettings, userData } from "./recorded/guest-config.ts";

const guests = [{ type: "qemu", vmid: 100, name: "web1", node: "pve1", status: "running" }];
const reading: Policy = { elevated: false, readOnly: false, deny: [] };
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKtVbUvT4Kr0Y7tPoNAEPaMbnFFXt0IEnMWv7DTT9yQe x@y";

/** A VM with a cloud-init drive and settings, which doesn't run. */
async function prepared(policy?: Policy) {
  const all = demo(policy ? { policy } : {});
  await all.ask("PUT", "/nodes/pve3/qemu/113/config", {
    ide2: "local-lvm:cloudinit",
    ciuser: "admin",
    cipassword: "hunter2hunter2",
    sshkeys: encodeURIComponent(key),
    ipconfig0: "ip=dhcp",
  });
  return all;
}

describe("the settings", () => {
  test("of a genuine answer are shown, keys of SSH as they were given", async () => {
    const bodies = { "/cluster/resources": guests, "/cloudinit": cloudInitSettings };
    const { answer } = await told("cloudinit", { action: "get", vmid: 100 }, bodies);
    expect(answer.rows).toEqual([
      { key: "cipassword", value: "**********" },
      { key: "ciuser", value: "admin" },
      { key: "sshkeys", value: key },
    ]);
  });

  test("that the image doesn't have yet are pending until it is made anew", async () => {
    const { call } = await prepared();
    await call("cloudinit", { action: "regenerate", vmid: 113 });
    await call("guest_config_update", { vmid: 113, ciuser: "root", delete: "ipconfig0" });
    const answer = await call("cloudinit", { action: "get", vmid: 113 });
    expect(answer.rows).toContainEqual({ key: "ciuser", value: "admin", pending: "root" });
    expect(answer.rows).toContainEqual({ key: "ipconfig0", removed: true });
    expect(answer.notes?.[0]).toContain("doesn't have these yet: ciuser, ipconfig0");
    await call("cloudinit", { action: "regenerate", vmid: 113 });
    const after = await call("cloudinit", { action: "get", vmid: 113 });
    expect(after.rows).toContainEqual({ key: "ciuser", value: "root" });
    expect(after.notes).toBeUndefined();
  });

  test("of a VM without a drive for them can't be written, and nothing is claimed", async () => {
    const { call, changes } = demo();
    const answer = await call("cloudinit", { action: "regenerate", vmid: 100 });
    expect(answer.reason?.[0]).toContain("has no cloud-init drive");
    expect(changes).toEqual([]);
  });
});

describe("the data", () => {
  test("of a genuine answer without secrets is shown as it is", async () => {
    expect(masked(userData.split("\n"), "user").join("\n")).toBe(userData);
  });

  test.each(["user", "network", "meta"])("%s is shown whole with elevated rights", async (dump_type) => {
    const { call, ask } = await prepared();
    const { lines } = await call("cloudinit", { action: "dump", vmid: 113, dump_type });
    const raw = await ask("GET", "/nodes/pve3/qemu/113/cloudinit/dump", { type: dump_type });
    expect(lines?.join("\n")).toBe(String(raw).trimEnd());
  });

  test("shows no password hash and no key without them; its structure stays", async () => {
    const { call } = await prepared(reading);
    const answer = await call("cloudinit", { action: "dump", vmid: 113, dump_type: "user" });
    const text = answer.lines?.join("\n") ?? "";
    expect(text).not.toMatch(/\$5\$|AAAA|hunter2/);
    expect(text).toContain("password: (not shown)");
    expect(text).toContain("ssh_authorized_keys:\n  - (not shown)");
    expect(text).toContain("user: admin");
    expect(answer.notes?.[0]).toContain("PROXMOX_ALLOW_ELEVATED=true");
  });

  test("of a snippet of one's own shows nothing that isn't known to be harmless", () => {
    const own = [
      "#cloud-config",
      "hostname: web",
      "chpasswd:",
      "  list: |",
      "    hostname: s3cret",
      "    root:s3cret",
      "write_files:",
      "- content: s3cret",
      "  path: /s3cret",
      "runcmd:",
      "  - curl -H s3cret",
      "users: [{name: a, passwd: s3cret}]",
      "  - root:s3cret",
      "# s3cret",
    ];
    const shown = masked(own, "user");
    expect(shown.join("\n")).not.toContain("s3cret");
    expect(shown).toHaveLength(own.length);
    expect(shown.slice(0, 3)).toEqual(own.slice(0, 3));
    expect(masked(["#!/bin/sh", "echo s3cret"], "user")).toEqual(["#!/bin/sh", "(not shown)"]);
    expect(masked(["ethernets:", "  wifi:", "    password: s3cret"], "network")[2]).toBe("    password: (not shown)");
  });
});
