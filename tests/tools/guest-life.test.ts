// Clones, migrations, templates and deletions over the embedded cluster, their effect read back elsewhere.
import { describe, expect, test } from "bun:test";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { demo, told } from "./demo.ts";
import { cutOff, localDisk } from "./recorded/guests.ts";

const guest = (type: "qemu" | "lxc", vmid: number, node = "pve1") => ({
  type,
  vmid,
  node,
  name: `g${vmid}`,
  status: "stopped",
});
const disksIn = (config: Record<string, unknown>) => String(config.scsi0 ?? config.rootfs);

describe("a clone", () => {
  test("takes the next free number when it is given none, and says which", async () => {
    const { call, ask, record } = demo();
    const next = Number(await ask("GET", "/cluster/nextid"));
    const answer = await call("guest_clone", { vmid: 9000, name: "copy" });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid: next, node: "pve1", name: "copy" } });
    expect(await record(`/nodes/pve1/qemu/${next}/config`)).toMatchObject({ name: "copy", cores: 2 });
  });

  test.each([
    ["name", 111, "pve3", "qemu", "name"],
    ["hostname", 111, "pve3", "qemu", "name"],
    ["name", 120, "pve1", "lxc", "hostname"],
    ["hostname", 120, "pve1", "lxc", "hostname"],
  ])("takes the seed's %s for %i", async (word, vmid, node, type, pve) => {
    const { call, record } = demo();
    expect((await call("guest_clone", { vmid, newid: 300, [word]: "copy" })).outcome).toBe("ok");
    expect((await record(`/nodes/${node}/${type}/300/config`))[pve]).toBe("copy");
  });

  test("is linked of a template, and full when that is asked for, onto the storage that was named", async () => {
    const { call, record } = demo();
    const linked = await call("guest_clone", { vmid: 9000, newid: 300 });
    expect(linked.summary).toBe("VM 9000 (ubuntu-26.04-template) was cloned as 300: a linked clone on pve1");
    expect(disksIn(await record("/nodes/pve1/qemu/300/config"))).toContain("base-9000-disk-0");
    const full = await call("guest_clone", {
      vmid: 9000,
      newid: 301,
      full: true,
      storage: "local-lvm",
      target: "pve2",
    });
    expect(full).toMatchObject({ outcome: "ok", summary: expect.stringContaining("a full clone on pve2") });
    expect(disksIn(await record("/nodes/pve2/qemu/301/config"))).toStartWith("local-lvm:vm-301-disk-0");
    const refused = await call("guest_clone", { vmid: 111, newid: 302, full: false });
    expect(refused.reason?.[0]).toStartWith("Linked clone feature is not supported for");
  });

  test("joins a pool, and is taken from a snapshot", async () => {
    const { call, record } = demo();
    await call("guest_snapshot", { action: "create", vmid: 111, snapname: "before" });
    expect((await call("guest_clone", { vmid: 111, newid: 300, snapname: "before", pool: "production" })).outcome).toBe(
      "ok",
    );
    const { members } = await record("/pools/production");
    expect(members).toContainEqual(expect.objectContaining({ vmid: 300 }));
  });

  test("waits for a lock that goes away", async () => {
    const { call, simulator } = demo();
    const values: Record<string, string> = simulator.state.guests["111"]?.config.values ?? {};
    values.lock = "backup";
    const fetch = simulator.fetch.bind(simulator);
    simulator.fetch = async (request) => {
      const answer = await fetch(request);
      if (request.url.endsWith("/clone")) delete values.lock;
      return answer;
    };
    expect((await call("guest_clone", { vmid: 111, newid: 300 })).outcome).toBe("ok");
  });

  test("says its number while its task still runs", async () => {
    const answer = await demo({ timed: true }).call("guest_clone", { vmid: 111, newid: 300, wait: 0 });
    expect(answer).toMatchObject({ outcome: "running", record: { newid: 300 } });
  });
});

describe("a migration", () => {
  test("of a running VM is online by itself, takes its local disks along, and says both", async () => {
    const { call, record } = demo();
    const answer = await call("guest_migrate", { vmid: 100, target: "pve2" });
    expect(answer).toMatchObject({
      outcome: "ok",
      summary: "VM 100 (web-01) was migrated from pve1 to pve2",
      record: { node: "pve2", status: "running" },
      notes: ["It ran on while it moved (online).", "Its local disks were copied along (with-local-disks)."],
    });
    expect(await record("/nodes/pve2/qemu/100/status/current")).toMatchObject({ status: "running" });
  });

  test("of a running container restarts it, and says so", async () => {
    const { call, record } = demo();
    const answer = await call("guest_migrate", { vmid: 103, target: "pve2" });
    expect(answer).toMatchObject({ outcome: "ok", notes: [expect.stringContaining("stopped and started again")] });
    expect(await record("/nodes/pve2/lxc/103/status/current")).toMatchObject({ status: "running" });
  });

  test("can be followed by a call about the guest at once", async () => {
    const { call } = demo();
    await call("guest_status", { vmid: 111 });
    await call("guest_migrate", { vmid: 111, target: "pve1" });
    expect((await call("guest_start", { vmid: 111 })).record).toMatchObject({ node: "pve1", status: "running" });
  });

  test.each([
    ["online of a container, which PVE can't", { vmid: 103, target: "pve2", online: true }, "use restart=true"],
    [
      "force of a container",
      { vmid: 103, target: "pve2", force: true },
      "force: PVE has no such parameter for containers",
    ],
    ["with-local-disks of a container", { vmid: 120, target: "pve2", "with-local-disks": 1 }, "leave it out"],
    ["with-local-storage", { vmid: 100, target: "pve2", "with-local-storage": true }, "use targetstorage"],
    ["a node that isn't there", { vmid: 100, target: "pve9" }, "no node of this cluster; online: pve2, pve3"],
    ["the node where it is", { vmid: 100, target: "pve1" }, "the node that the guest is on already"],
  ])("is refused before anything is sent: %s", async (_, given, reason) => {
    const { call, changes } = demo();
    const answer = await call("guest_migrate", given);
    expect(answer.kind).toBe("arguments");
    expect(answer.reason?.join()).toContain(reason);
    expect(changes).toEqual([]);
  });

  test("to a node that is offline is refused, though PVE's precondition allows it", async () => {
    const { call, changes, simulator } = demo();
    const node = simulator.state.nodes.pve3;
    if (node) node.online = false;
    const answer = await call("guest_migrate", { vmid: 100, target: "pve3" });
    expect(answer.reason).toEqual(["target pve3 is not online; online: pve2"]);
    expect(changes).toEqual([]);
  });

  test("with a local ISO, which PVE's task would only tell in its log, is refused with what to do", async () => {
    const { call, ask } = demo();
    await ask("POST", "/nodes/pve3/qemu/111/config", { ide2: "local:iso/debian-13.1.0-amd64-netinst.iso,media=cdrom" });
    const answer = await call("guest_migrate", { vmid: 111, target: "pve1" });
    expect(answer.reason?.[0]).toBe(
      "target pve1 won't do: ide2 has local:iso/debian-13.1.0-amd64-netinst.iso, which only this node has: take it out first",
    );
  });

  test.each([
    ["storages", { not_allowed_nodes: { pve3: { unavailable_storages: ["btr"] } } }, "unavailable storages: btr"],
    ["devices", { running: 1, local_resources: ["hostpci0"] }, "the VM uses devices of its node (hostpci0)"],
    [
      "HA rules",
      { not_allowed_nodes: { pve3: { "blocking-ha-resources": [{ sid: "vm:130", cause: "resource-affinity" }] } } },
      "blocking ha resources: vm:130 resource-affinity",
    ],
  ])("is refused for what the target lacks: %s", async (_, more, why) => {
    const bodies = {
      "/cluster/resources": [guest("qemu", 120)],
      "/nodes": ["pve1", "pve3"].map((node) => ({ node, status: "online" })),
      "/migrate": { ...localDisk, ...more },
    };
    const { answer } = await told("guest_migrate", { vmid: 120, target: "pve3" }, bodies);
    expect(answer.reason).toEqual([`target pve3 won't do: ${why}`]);
  });

  test("works on 8.4, whose containers have no preconditions", async () => {
    const { call } = demo({ simulator: createSimulator({ pve: "8.4", speed: Number.POSITIVE_INFINITY, seed: 1 }) });
    expect(await call("guest_migrate", { vmid: 103, target: "pve2" })).toMatchObject({ record: { node: "pve2" } });
    expect(await call("guest_migrate", { vmid: 100, target: "pve2" })).toMatchObject({ record: { node: "pve2" } });
  });

  test("of a guest whose node is cut off says so", async () => {
    const { answer } = await told("guest_migrate", { vmid: 132, target: "pve1" }, { "/cluster/resources": cutOff });
    expect(answer.kind).toBe("node-down");
  });
});

describe("a template", () => {
  test.each([
    [111, "pve3", "qemu"],
    [120, "pve1", "lxc"],
  ])("is made of %i, and its disk is a base then", async (vmid, node, type) => {
    const { call, record } = demo();
    const answer = await call("guest_template", { vmid });
    expect(answer).toMatchObject({ outcome: "ok", record: { template: 1 } });
    expect(answer.changes).toContainEqual({ key: "template", old: undefined, new: 1 });
    expect(disksIn(await record(`/nodes/${node}/${type}/${vmid}/config`))).toContain(`base-${vmid}-disk-0`);
  });

  test("of a container is waited for, though PVE names no task", async () => {
    const { call, record } = demo({ timed: true });
    expect((await call("guest_template", { vmid: 120 })).summary).toBe("container 120 (test) is a template now");
    expect(await record("/nodes/pve1/lxc/120/status/current")).toMatchObject({ template: 1 });
  });

  test("is not made of a guest that runs", async () => {
    const answer = await demo().call("guest_template", { vmid: 100 });
    expect(answer.reason?.[0]).toBe("you can't convert a VM to template if VM is running");
  });
});

describe("a deletion", () => {
  test.each([
    [111, "pve3", "qemu"],
    [120, "pve1", "lxc"],
  ])("takes %i and its disks away, and tells what it was", async (vmid, node, type) => {
    const { call, ask, simulator } = demo();
    const before = await ask("GET", `/nodes/${node}/${type}/${vmid}/config`);
    const answer = await call("guest_delete", { vmid });
    expect(answer).toMatchObject({ outcome: "ok", record: { vmid, node } });
    for (const { key, old } of answer.changes ?? []) expect(before).toHaveProperty([String(key)], old);
    expect(answer.changes?.map(({ key }) => key)).toContain("memory");
    expect(await ask("GET", "/cluster/resources", { type: "vm" })).not.toContainEqual(
      expect.objectContaining({ vmid }),
    );
    expect(simulator.state.volumes.filter((volume) => volume.vmid === vmid)).toEqual([]);
    expect(answer.notes).toEqual([
      expect.stringMatching(/^No volume or backup of it is left on local, .* of pve\d, and no job names it\.$/),
    ]);
  });

  test("tells which backups and jobs remain, and purge takes the jobs along", async () => {
    const { call, ask } = demo();
    for (const vmid of ["111", "120"]) {
      await ask("POST", `/nodes/${vmid === "111" ? "pve3" : "pve1"}/vzdump`, { vmid, storage: "shared-nfs" });
      await ask("POST", "/cluster/backup", {
        id: `nightly-${vmid}`,
        vmid: `100,${vmid}`,
        schedule: "02:00",
        storage: "shared-nfs",
      });
    }
    const kept = await call("guest_delete", { vmid: 111 });
    expect(kept.record).toMatchObject({
      backups: [expect.stringContaining("shared-nfs:backup/vzdump-qemu-111-")],
      jobs: ["backup nightly-111"],
    });
    expect(kept.notes?.join()).toContain("purge=true would have taken it out");
    const purged = await call("guest_delete", { vmid: 120, purge: true });
    expect(purged.record).not.toHaveProperty("jobs");
    expect(purged.record).toHaveProperty("backups");
    expect(await ask("GET", "/cluster/backup/nightly-120")).toMatchObject({ vmid: "100" });
  });

  test("leaves a volume that the configuration doesn't name, unless told otherwise, and says so", async () => {
    const { call, ask } = demo();
    for (const vmid of ["111", "113"]) {
      const volume = { filename: `vm-${vmid}-disk-9.raw`, size: "1G", vmid, format: "raw" };
      await ask("POST", "/nodes/pve3/storage/shared-nfs/content", volume);
    }
    const kept = await call("guest_delete", { vmid: 111 });
    expect(kept.record).toMatchObject({ volumes: ["shared-nfs:111/vm-111-disk-9.raw"] });
    const gone = await call("guest_delete", { vmid: 113, "destroy-unreferenced-disks": true });
    expect(gone.record).not.toHaveProperty("volumes");
    const left = await ask("GET", "/nodes/pve3/storage/shared-nfs/content", { content: "images" });
    expect(JSON.stringify(left)).not.toContain("vm-113-");
  });

  test.each([
    ["a VM that runs", 100, {}, "VM 100 is running - destroy failed"],
    ["a container that runs", 103, {}, "unable to destroy CT 103 - container is running"],
    ["a guest under protection", 111, { protection: "1" }, "can't remove VM 111 - protection mode enabled"],
  ])("of %s is PVE's to refuse", async (_, vmid, config, reason) => {
    const { call, ask, simulator } = demo();
    if ("protection" in config) await ask("PUT", `/nodes/pve3/qemu/${vmid}/config`, config);
    const answer = await call("guest_delete", { vmid });
    expect(answer).toMatchObject({ outcome: "error", reason: [reason, expect.any(String)] });
    expect(simulator.state.guests[String(vmid)]).toBeDefined();
  });

  test("of a managed guest needs purge", async () => {
    const { call, ask } = demo();
    await ask("POST", "/cluster/ha/resources", { sid: "vm:111", state: "stopped" });
    const refused = await call("guest_delete", { vmid: 111 });
    expect(refused.reason?.[0]).toBe("unable to remove VM 111 - used in HA resources and purge parameter not set.");
    expect((await call("guest_delete", { vmid: 111, purge: 1 })).outcome).toBe("ok");
    expect(await ask("GET", "/cluster/ha/resources")).toEqual([]);
  });

  test("of a container that runs is forced when asked for", async () => {
    const { call, simulator } = demo();
    expect((await call("guest_delete", { vmid: 103, force: true })).outcome).toBe("ok");
    expect(simulator.state.guests["103"]).toBeUndefined();
  });
});
