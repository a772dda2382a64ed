import { describe, expect, test } from "bun:test";
import { needsOf } from "../../src/pve/needs.ts";
import { endpoint, endpointKeys } from "../../src/schema/registry.ts";
import { createStandIn, data, failure, refusal } from "./stand-in.ts";

const start = { endpoint: "POST /nodes/{node}/qemu/{vmid}/status/start", values: { node: "pve1", vmid: 100 } } as const;
const named = "Permission check failed (/vms/100, VM.PowerMgmt)";

interface Held {
  token?: readonly string[];
  user?: readonly string[];
}

/** A cluster that refuses one call and tells who holds what; undefined: that may not be known. */
function refusing({ token, user }: Held, text = named, path = "/vms/100") {
  return createStandIn(({ path: asked, query }) => {
    if (asked !== "/access/permissions") return refusal(403, text);
    const held = query.get("userid") === "bot@pve" ? user : query.has("userid") ? undefined : token;
    if (!held || query.get("path") !== path) return refusal(403, "Permission check failed (/access, Sys.Audit)");
    return data(held.length === 0 ? {} : { [path]: Object.fromEntries(held.map((name) => [name, 1])) });
  });
}

describe("a 403", () => {
  test("of a token whose user has the privilege says so, and grants it to the token alone", async () => {
    const { client } = refusing({ token: ["VM.Audit"], user: ["VM.Audit", "VM.PowerMgmt"] });
    const { next, sentence, status } = await failure(client.request(start));
    expect([sentence, status]).toEqual([named, 403]);
    expect(next).toContain("only the token bot@pve!mcp lacks it (privilege separation)");
    expect(next).toContain("--tokens 'bot@pve!mcp'");
    expect(next).not.toContain("--users");
  });

  test("of a token whose user lacks it too grants it to both", async () => {
    const { client } = refusing({ token: [], user: ["VM.Audit"] });
    const { next } = await failure(client.request(start));
    expect(next).toContain("Neither the token bot@pve!mcp nor its user bot@pve has VM.PowerMgmt on /vms/100");
    expect(next).toContain("pveum acl modify /vms/100 --users bot@pve --roles mcp-VM.PowerMgmt-vms-100-user");
    expect(next).toContain("pveum acl modify /vms/100 --tokens 'bot@pve!mcp' --roles mcp-VM.PowerMgmt-vms-100");
  });

  test("of a token and a user who hold the same grants it to both with one role", async () => {
    const { client } = refusing({ token: ["VM.Audit"], user: ["VM.Audit"] });
    const role = "mcp-VM.PowerMgmt-vms-100";
    const commands = `pveum role add ${role} --privs VM.Audit,VM.PowerMgmt; pveum acl modify /vms/100 --users bot@pve --tokens 'bot@pve!mcp' --roles ${role}`;
    expect((await failure(client.request(start))).next).toContain(`\`${commands}\``);
  });

  test("grants nothing that takes away what is inherited: what is held there is in the role", async () => {
    const { client } = refusing({ token: ["VM.Console", "VM.Audit"], user: ["VM.PowerMgmt"] });
    const { next } = await failure(client.request(start));
    expect(next).toContain("--privs VM.Audit,VM.Console,VM.PowerMgmt;");
  });

  test("of a user who can't be seen says what the user needs", async () => {
    const { client } = refusing({ token: [] });
    expect((await failure(client.request(start))).next).toContain("its user bot@pve has to have it there as well");
  });

  test("is reported as it is where nothing can be found out", async () => {
    const pve = createStandIn(() => refusal(403, named));
    const error = await failure(pve.client.request(start));
    expect(error.sentence).toBe(named);
    expect(error.next).toContain("pveum acl modify /vms/100");
    expect(pve.asked.length).toBe(3);
  });

  test("that names nothing is explained by PVE's own check of the endpoint", async () => {
    const request = { endpoint: "GET /cluster/mapping/pci/{id}", values: { id: "gpu" } } as const;
    const { client } = refusing({ token: [], user: ["Mapping.Use"] }, "Permission check failed", "/mapping/pci/gpu");
    expect((await failure(client.request(request))).next).toContain("pveum acl modify /mapping/pci/gpu --tokens");
  });

  test("that no privilege mends asks nothing further", async () => {
    const pve = createStandIn(() => refusal(403, "Permission check failed (user != root@pam)"));
    await failure(pve.client.request(start));
    expect(pve.asked.length).toBe(1);
  });
});

describe("the needs of a check", () => {
  const values = { vmid: 100, storage: "local" };
  test.each([
    [["perm", "/vms/{vmid}", ["VM.Audit"]], [{ path: "/vms/100", privileges: ["VM.Audit"] }]],
    [["perm", "/", ["Sys.Audit", "Sys.Modify"]], [{ path: "/", privileges: ["Sys.Audit", "Sys.Modify"] }]],
    [["perm", "/", ["Sys.Audit", "Datastore.Audit"], "any", 1], [{ path: "/", privileges: ["Sys.Audit"] }]],
    [
      ["and", ["perm", "/a", ["A"]], ["perm", "/b", ["B"]]],
      [
        { path: "/a", privileges: ["A"] },
        { path: "/b", privileges: ["B"] },
      ],
    ],
    [
      ["or", ["userid-param", "self"], ["userid-group", ["User.Modify"]]],
      [{ path: "/access/groups", privileges: ["User.Modify"] }],
    ],
    [["perm-modify", "/vms/{vmid}"], [{ path: "/vms/100", privileges: ["Permissions.Modify"] }]],
    [["perm", "/pool/{poolid}", ["Pool.Audit"]], undefined],
    [["userid-param", "self"], undefined],
  ])("%j", (check, needs) => {
    expect(needsOf(check, values)).toEqual(needs);
  });

  test("are known for nearly every endpoint that checks privileges", () => {
    const checked = endpointKeys()
      .map(endpoint)
      .filter(({ permissions }) => permissions !== undefined);
    const filled = new Proxy({}, { get: () => "x", has: () => true });
    const unknown = checked.filter(({ permissions }) => permissions && needsOf(permissions, filled) === undefined);
    expect(unknown.map(({ key }) => key).filter((key) => !key.includes("/access/"))).toEqual([]);
  });
});

describe("where any of several privileges of a guest's configuration would do", () => {
  const text =
    "Permission check failed (/vms/100, VM.Config.Disk|VM.Config.CDROM|VM.Config.CPU|VM.Config.Memory|VM.Config.Network|VM.Config.HWType|VM.Config.Options|VM.Config.Cloudinit)";
  test.each([
    [{ net0: "virtio,bridge=vmbr0" }, "VM.Config.Network"],
    [{ cores: 2, memory: 1024 }, "VM.Config.CPU,VM.Config.Memory"],
    [{ ide2: "none,media=cdrom" }, "VM.Config.CDROM"],
    [{ delete: "scsi1,description" }, "VM.Config.Disk,VM.Config.Options"],
    [{ tags: "a" }, "VM.Config.Options"],
    [{}, "VM.Config.Disk"],
  ])("those are granted that the call needs: %j", async (values, privileges) => {
    const { client } = refusing({ token: [] }, text);
    const all = { node: "pve1", vmid: 100, ...values };
    const { next } = await failure(client.request({ endpoint: "PUT /nodes/{node}/qemu/{vmid}/config", values: all }));
    expect(next).toContain(`--privs ${privileges};`);
  });
});
