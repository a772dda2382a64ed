// Holds the argument check: what models send is accepted, all problems come at once, each with what is allowed.
import { expect, test } from "bun:test";
import { checkArguments } from "../../src/schema/check.ts";
import { sentence } from "../../src/schema/problem.ts";
import { type EndpointKey, endpoint } from "../../src/schema/registry.ts";

const CREATE = "POST /nodes/{node}/qemu";
const CONFIG = "PUT /nodes/{node}/qemu/{vmid}/config";
const VM = { node: "pve1", vmid: 100 };

function valuesOf(key: EndpointKey, given: Record<string, unknown>) {
  const { values, problems } = checkArguments(endpoint(key), given);
  expect(problems.map(sentence)).toEqual([]);
  return values;
}

function linesOf(key: EndpointKey, given: Record<string, unknown>): string[] {
  return checkArguments(endpoint(key), given).problems.map(sentence);
}

test("booleans are taken in every spelling and stay booleans", () => {
  for (const yes of [true, 1, "1", "true", "True", "yes", "on"])
    expect(valuesOf(CREATE, { ...VM, onboot: yes }).onboot).toBe(true);
  for (const no of [false, 0, "0", "false", "no", "OFF"])
    expect(valuesOf(CREATE, { ...VM, onboot: no }).onboot).toBe(false);
});

test("numbers are taken as text, and text as numbers", () => {
  expect(valuesOf(CREATE, { ...VM, vmid: "100", cores: " 4 " })).toMatchObject({ vmid: 100, cores: 4 });
  expect(valuesOf(CREATE, { ...VM, name: 7 }).name).toBe("7");
  expect(valuesOf(CREATE, { ...VM, hugepages: 2 }).hugepages).toBe("2");
  expect(valuesOf(CREATE, { ...VM, memory: 2048 }).memory).toBe("2048");
});

test("null is as if absent", () => {
  expect(valuesOf(CREATE, { ...VM, cores: null, nosuch: null, tags: undefined })).toEqual({ node: "pve1", vmid: 100 });
});

test("a property string is taken as an object, as the JSON text of one, and as PVE's own text", () => {
  const net0 = { model: "virtio", macaddr: "BC:24:11:00:00:01", bridge: "vmbr0", firewall: true, tag: "5", mtu: null };
  const written = "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1,tag=5";
  expect(valuesOf(CREATE, { ...VM, net0 }).net0).toBe(written);
  expect(valuesOf(CREATE, { ...VM, net0: JSON.stringify(net0) }).net0).toBe(written);
  expect(valuesOf(CREATE, { ...VM, net0: written }).net0).toBe(written);
  expect(valuesOf(CREATE, { ...VM, net0: { virtio: "BC:24:11:00:00:01", bridge: "vmbr0" } }).net0).toBe(
    "virtio=BC:24:11:00:00:01,bridge=vmbr0",
  );
  expect(valuesOf(CREATE, { ...VM, scsi0: { file: "local-lvm:8", ssd: 1 } }).scsi0).toBe("local-lvm:8,ssd=1");
  expect(valuesOf(CREATE, { ...VM, agent: true }).agent).toBe("1");
  expect(valuesOf(CREATE, { ...VM, boot: { order: ["scsi0", "net0"] } }).boot).toBe("order=scsi0;net0");
});

test("a list is taken as an array, as JSON text, as text, and as a value alone", () => {
  const backup = "POST /nodes/{node}/vzdump";
  for (const vmid of [[100, "101"], "[100,101]", "100,101", "100; 101"])
    expect(valuesOf(backup, { node: "a", vmid }).vmid).toBe("100,101");
  expect(valuesOf(backup, { node: "a", vmid: 100 }).vmid).toBe("100");
  const start = "POST /cluster/bulk-action/guest/start";
  for (const vms of [[100, "101"], '["100",101]', "100,101"]) expect(valuesOf(start, { vms }).vms).toEqual([100, 101]);
  expect(valuesOf(start, { vms: "100" }).vms).toEqual([100]);
});

test("a command keeps its commas and blanks: it is one program, not a list of words", () => {
  const exec = "POST /nodes/{node}/qemu/{vmid}/agent/exec";
  expect(valuesOf(exec, { ...VM, command: "ls -l a, b" }).command).toEqual(["ls -l a, b"]);
  expect(valuesOf(exec, { ...VM, command: ["ls", "-l"] }).command).toEqual(["ls", "-l"]);
});

test("a batch of commands goes out as the JSON text that PVE wants", () => {
  const commands = [{ method: "GET", path: "version" }];
  expect(valuesOf("POST /nodes/{node}/execute", { node: "a", commands }).commands).toBe(JSON.stringify(commands));
});

test("SSH keys go out percent-encoded, once", () => {
  const encoded = "ssh-ed25519%20AAAA%2Bb%3D%20me%40host%0A";
  expect(valuesOf(CONFIG, { ...VM, sshkeys: "ssh-ed25519 AAAA+b= me@host\n" }).sshkeys).toBe(encoded);
  expect(valuesOf(CONFIG, { ...VM, sshkeys: encoded }).sshkeys).toBe(encoded);
});

test("all problems come in one answer, one a line", () => {
  const lines = linesOf(CREATE, {
    vmid: "abc",
    cores: 0,
    bios: "uefi",
    core: 1,
    net0: { brige: "vmbr0", model: "virtio" },
    unique: 1,
  });
  expect(lines.map((line) => line.replace(/taken: .*/, "taken: …").replace(/ with the keys .*/, " …"))).toEqual([
    `vmid must be a guest's number from 100 to 999999999 (was "abc")`,
    "cores must be an integer of at least 1 (was 0)",
    `bios must be one of seabios, ovmf (was "uefi")`,
    "core is unknown, did you mean cores?; taken: …",
    "net0.brige is unknown, did you mean net0.bridge?; taken: …",
    "node is missing: a node name",
    "archive is missing: unique needs it",
  ]);
});

test("an unknown argument is refused with the nearest known name and the list of what is taken", () => {
  const [problem] = checkArguments(endpoint("POST /nodes/{node}/qemu/{vmid}/status/stop"), {
    ...VM,
    time_out: 5,
  }).problems;
  expect(problem).toEqual({
    argument: "time_out",
    kind: "unknown",
    nearest: "timeout",
    allowed: "keepActive, migratedfrom, node, overrule-shutdown, skiplock, timeout, vmid",
  });
  expect(linesOf(CREATE, { ...VM, nett3: "x" })[0]).toContain("did you mean net3?");
  expect(linesOf(CREATE, { ...VM, "net[n]": "virtio" })[0]).toContain("did you mean net0?");
  expect(linesOf("GET /version", { zzz: 1 })).toEqual(["zzz is unknown; taken: no arguments"]);
});

test("the names of JavaScript's own objects are unknown as any other", () => {
  const given = JSON.parse('{"__proto__":1,"constructor":1,"toString":"x"}');
  expect(checkArguments(endpoint("GET /version"), given).problems.map(({ kind }) => kind)).toEqual([
    "unknown",
    "unknown",
    "unknown",
  ]);
  expect(linesOf(CREATE, { ...VM, net0: '{"model":"virtio","__proto__":"x"}' }).length).toBe(1);
});

test("an undeclared argument is let through where PVE lets it through", () => {
  expect(valuesOf("GET /cluster/sdn/fabrics/all", { later: 1 })).toEqual({ later: "1" });
});

test("what is allowed is said for every kind of definition", () => {
  expect(linesOf(CONFIG, { ...VM, cpulimit: 200 })).toEqual(["cpulimit must be a number from 0 to 128 (was 200)"]);
  expect(linesOf(CONFIG, { ...VM, digest: "x".repeat(41) })[0]).toStartWith(
    "digest must be text, at most 40 characters (was ",
  );
  expect(linesOf(CONFIG, { ...VM, onboot: "maybe" })).toEqual(['onboot must be true or false (was "maybe")']);
  expect(linesOf(CONFIG, { ...VM, description: { a: 1 } })[0]).toEndWith("(was an object)");
  expect(linesOf("POST /cluster/bulk-action/guest/start", { vms: [1, 100] })).toEqual([
    "vms must be a guest's number from 100 to 999999999 (was 1)",
  ]);
  expect(linesOf(CONFIG, { ...VM, net0: "virtio,foo" })[0]).toStartWith("net0 must be given once, model is repeated");
  expect(linesOf(CONFIG, { ...VM, net0: "bridge=" })[0]).toStartWith("net0 must be key=value; keys: ");
});

test("an option can't be set and deleted at once, nor deleted when there is none of its name", () => {
  expect(linesOf(CONFIG, { ...VM, name: "x", delete: "name" })).toEqual([
    'delete must be without name, which is given a value (was "name")',
  ]);
  expect(linesOf(CONFIG, { ...VM, delete: ["corse"] })).toEqual([
    'delete must be a list of options of the guest, did you mean cores? (was "corse")',
  ]);
  expect(valuesOf(CONFIG, { ...VM, delete: ["net0", "cores"] }).delete).toBe("net0,cores");
});

test("rules between arguments are problems, too", () => {
  expect(linesOf("POST /cluster/firewall/rules", { type: "in", action: "ACCEPT", dport: 22 })).toEqual([
    "proto is missing: dport needs it",
  ]);
  expect(linesOf("POST /nodes/{node}/vzdump", { node: "a", all: 1, vmid: 100 })).toEqual([
    "all must be left out together with vmid",
  ]);
  expect(
    linesOf("POST /cluster/ha/rules", {
      rule: "r1",
      type: "resource-affinity",
      resources: "vm:1",
      affinity: "positive",
      nodes: "a",
    }),
  ).toEqual(["nodes must be left out, it belongs to type node-affinity"]);
});

test("nothing that would change the path of a request stands in a variable", () => {
  for (const node of ["", ".", "..", "a/b", "a\nb"])
    expect(linesOf("GET /nodes/{node}/status", { node }).length).toBe(1);
  for (const name of ["", ".", ".."]) expect(linesOf("GET /cluster/firewall/ipset/{name}", { name }).length).toBe(1);
});

test("a NUL is refused, but for environment variables, which it divides", () => {
  expect(linesOf(CONFIG, { ...VM, description: "a\0b" }).length).toBe(1);
  expect(linesOf(CONFIG, { ...VM, net0: "virtio\0" }).length).toBe(1);
  expect(valuesOf("POST /nodes/{node}/lxc", { ...VM, ostemplate: "local:vztmpl/a.tar.zst", env: "A=1\0B=2" }).env).toBe(
    "A=1\0B=2",
  );
});

test("a message stays on its line and is cut", () => {
  const [line = ""] = linesOf(CONFIG, { ...VM, cores: `a\nb${"c".repeat(1000)}` });
  expect(line.length).toBeLessThan(150);
  expect(line).not.toContain("\n");
  expect(linesOf("GET /version", { [`a\n${"b".repeat(500)}`]: 1 })[0]?.length).toBeLessThan(150);
});
