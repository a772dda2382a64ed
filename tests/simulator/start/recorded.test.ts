import { describe, expect, test } from "bun:test";
import { record, rows, side } from "../asking.ts";

const recorded = () => side({ start: "recorded" });

describe("the recorded cluster just after it was made", () => {
  test("has three nodes with quorum, and no guests", async () => {
    const { ask } = recorded();
    const [cluster, ...nodes] = rows((await ask("GET", "/cluster/status")).data);
    expect(cluster).toMatchObject({ name: "testcl", nodes: 3, quorate: 1, version: 3 });
    expect(nodes.map(({ name, ip, online }) => [name, ip, online])).toEqual([
      ["pve1", "192.0.2.11", 1],
      ["pve2", "192.0.2.12", 1],
      ["pve3", "192.0.2.13", 1],
    ]);
    expect((await ask("GET", "/cluster/resources", { type: "vm" })).data).toEqual([]);
    expect((await ask("GET", "/cluster/nextid")).data).toBe("100");
  });

  test("has the storage local alone; what lies in /mnt/shared shows once that is a storage", async () => {
    const { ask } = recorded();
    expect(rows((await ask("GET", "/storage")).data).map(({ storage, path }) => [storage, path])).toEqual([
      ["local", "/var/lib/vz"],
    ]);
    const dir = { storage: "shared", type: "dir", path: "/mnt/shared", shared: "1", content: "iso,vztmpl" };
    await ask("POST", "/storage", dir);
    const content = rows((await ask("GET", "/nodes/pve2/storage/shared/content")).data);
    expect(content.map(({ volid }) => volid)).toEqual([
      "shared:iso/tiny.iso",
      "shared:vztmpl/alpine-3.20-default_20240908_amd64.tar.xz",
    ]);
  });

  test("has the users, tokens and ACLs of the recordings", async () => {
    const { ask, simulator } = recorded();
    const { root, auditor, operator, powerless } = simulator.tokens;
    expect([root, auditor, operator, powerless].map((token) => token.split("=")[0])).toEqual([
      "root@pam!mcp",
      "ro@pve!tok",
      "op@pve!tok",
      "root@pam!sep",
    ]);
    const acl = rows((await ask("GET", "/access/acl")).data).map(({ path, ugid, roleid }) => [path, ugid, roleid]);
    expect(acl).toEqual([
      ["/", "ro@pve", "PVEAuditor"],
      ["/vms/100", "op@pve", "PVEVMUser"],
    ]);
    expect((await ask("GET", "/cluster/status", {}, auditor)).status).toBe(200);
    expect((await ask("GET", "/cluster/status", {}, operator)).message).toBe(
      "Permission check failed (/, Sys.Audit)\n",
    );
    expect(record((await ask("GET", "/access/permissions", {}, powerless)).data)).toEqual({});
  });
});
