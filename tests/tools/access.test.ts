// Users, tokens, groups, roles, the access control list and realms: their effect seen through another endpoint, and nothing claimed that isn't so.
import { describe, expect, test } from "bun:test";
import { textOf } from "../../src/server/text.ts";
import { demo, told } from "./demo.ts";
import { acl, ldap, regenerated, users } from "./recorded/access.ts";

const rowsOf = (data: unknown): Record<string, unknown>[] => (Array.isArray(data) ? data : []);
const basic = { elevated: false, readOnly: false, deny: [] } as const;

/** A demo with a way to find a row of a list by one of its fields. */
function cluster(circumstances = {}) {
  const made = demo(circumstances);
  const row = async (path: string, field: string, value: string) =>
    rowsOf(await made.ask("GET", path, path.endsWith("/users") ? { full: "1" } : {})).find(
      (one) => one[field] === value,
    );
  return { ...made, row };
}

describe("a user", () => {
  test("that is made has what was asked for, its end as a moment that people write", async () => {
    const { call, row } = cluster();
    const created = await call("user", {
      action: "create",
      userid: "eve@pve",
      password: "a-secret-of-eve",
      email: "eve@demo.test",
      groups: "operators",
      expire: "2027-06-01T00:00Z",
    });
    expect(created.outcome).toBe("ok");
    const expire = Date.UTC(2027, 5, 1) / 1000;
    expect(await row("/access/users", "userid", "eve@pve")).toMatchObject({ expire, groups: "operators" });
    expect(JSON.stringify(created)).not.toContain("a-secret-of-eve");
    expect(textOf(created, 0)).toContain("expire: 2027-06-01T00:00:00Z");
  });

  test("of a realm that doesn't exist is told as one that can't log in, though PVE takes it", async () => {
    const { call } = cluster();
    const created = await call("user", { action: "create", userid: "eve@nowhere" });
    expect(created.notes?.join(" ")).toContain("no realm nowhere");
  });

  test("keeps its groups with append, and the answer tells old and new", async () => {
    const { call, row, ask } = cluster();
    await ask("POST", "/access/groups", { groupid: "night" });
    await call("user", { action: "update", userid: "operator@pve", groups: "operators" });
    const changed = await call("user", { action: "update", userid: "operator@pve", groups: "night", append: true });
    expect(changed.changes).toEqual([{ key: "groups", old: ["operators"], new: ["operators", "night"] }]);
    expect(await row("/access/groups", "groupid", "night")).toMatchObject({ users: "operator@pve" });
    expect(await row("/access/groups", "groupid", "operators")).toMatchObject({
      users: expect.stringContaining("operator@pve"),
    });
  });

  test.each([
    ["password", "a-new-secret", "pveum passwd"],
    ["delete", "comment", "empty text"],
    ["digest", "0", "leave it out"],
  ])("can't be updated with %s, and the answer says what to use", async (name, value, instead) => {
    const { call, changes } = cluster();
    const refused = await call("user", { action: "update", userid: "operator@pve", [name]: value });
    expect(refused.reason?.[0]).toContain(instead);
    expect(changes).toEqual([]);
  });

  test("that is deleted is gone, and one that isn't there is told as that", async () => {
    const { call, row, changes } = cluster();
    expect((await call("user", { action: "delete", userid: "operator@pve" })).outcome).toBe("ok");
    expect(await row("/access/users", "userid", "operator@pve")).toBeUndefined();
    const again = await call("user", { action: "delete", userid: "operator@pve" });
    expect(again.reason?.[0]).toContain("no such user ('operator@pve')");
    expect(changes).toHaveLength(1);
  });

  test("list reads as PVE said it", async () => {
    const { text, data } = await told("user", { action: "list" }, { "/access/users": users });
    expect(data.summary).toBe(`${users.length} users`);
    for (const { userid } of users) expect(text).toContain(userid);
    expect(rowsOf(data.rows).find(({ userid }) => userid === "operator@pve")).toMatchObject({ tokens: "op,sep" });
    expect(text).not.toMatch(/1970|null|undefined/);
  });
});

describe("a token", () => {
  test("shows its secret once, in the answer that makes it, and says what privilege separation means", async () => {
    const { call, simulator } = cluster();
    const given = { userid: "operator@pve", tokenid: "ci" };
    const created = await call("user_token", { action: "create", ...given });
    const secret = String(created.record?.value);
    expect(simulator.state.access.users["operator@pve"]?.tokens.ci).toMatchObject({ secret, privsep: true });
    expect(created.notes?.join(" ")).toContain("never again");
    expect(created.notes?.join(" ")).toContain("tokens=operator@pve!ci");
    for (const action of ["list", "get", "update"])
      expect(JSON.stringify(await call("user_token", { action, ...given }))).not.toContain(secret);
  });

  test("gets a new secret with regenerate, which the seed lacks", async () => {
    const { call, simulator } = cluster();
    const given = { userid: "operator@pve", tokenid: "ci" };
    const old = (await call("user_token", { action: "create", ...given })).record?.value;
    const renewed = await call("user_token", { action: "update", ...given, regenerate: true });
    expect(renewed.record?.value).toBe(simulator.state.access.users["operator@pve"]?.tokens.ci?.secret);
    expect(renewed.record?.value).not.toBe(old);
    const { data } = await told(
      "user_token",
      { action: "update", ...given, regenerate: 1 },
      { "/token/ci": regenerated },
    );
    expect(data.record).toMatchObject({ value: regenerated.value, "full-tokenid": regenerated["full-tokenid"] });
  });

  test("changes and goes, and what stood there is told", async () => {
    const { call, ask } = cluster();
    const given = { userid: "operator@pve", tokenid: "ci" };
    await call("user_token", { action: "create", ...given, privsep: false, comment: "old" });
    const changed = await call("user_token", { action: "update", ...given, comment: "new", expire: 1_900_000_000 });
    expect(changed.changes).toEqual([
      { key: "comment", old: "old", new: "new" },
      { key: "expire", old: 0, new: 1_900_000_000 },
    ]);
    expect((await call("user_token", { action: "delete", ...given })).outcome).toBe("ok");
    expect(await ask("GET", "/access/users/operator@pve/token/ci")).toContain("no such token");
  });
});

describe("a group", () => {
  test("is made, changed and deleted", async () => {
    const { call, row } = cluster();
    await call("group", { action: "create", groupid: "night", comment: "old" });
    const changed = await call("group", { action: "update", groupid: "night", comment: "new" });
    expect(changed.changes).toEqual([{ key: "comment", old: "old", new: "new" }]);
    expect(await row("/access/groups", "groupid", "night")).toMatchObject({ comment: "new" });
    await call("group", { action: "delete", groupid: "night" });
    expect(await row("/access/groups", "groupid", "night")).toBeUndefined();
    expect((await call("group", { action: "list" })).rows).toContainEqual(
      expect.objectContaining({ groupid: "operators" }),
    );
  });

  test.each(["create", "update"])("takes no users in %s: the answer names the way", async (action) => {
    const { call, changes } = cluster();
    const refused = await call("group", { action, groupid: "operators", users: "auditor@pve" });
    expect(refused.reason?.[0]).toContain("proxmox_user update with groups and append=true");
    expect(changes).toEqual([]);
  });
});

describe("a role", () => {
  test("gains privileges with append, and the answer tells old and new", async () => {
    const { call, record } = cluster();
    await call("role", { action: "create", roleid: "Ops", privs: "VM.Audit" });
    const changed = await call("role", { action: "update", roleid: "Ops", privs: "VM.PowerMgmt", append: true });
    expect(changed.changes).toEqual([{ key: "privs", old: "VM.Audit", new: "VM.Audit,VM.PowerMgmt" }]);
    expect(Object.keys(await record("/access/roles/Ops")).sort()).toEqual(["VM.Audit", "VM.PowerMgmt"]);
  });

  test("isn't emptied by a call without privileges", async () => {
    const { call, changes } = cluster();
    expect((await call("role", { action: "update", roleid: "PVEAuditor" })).reason?.[0]).toContain("privs is missing");
    expect(changes).toEqual([]);
  });

  test("that is built in stays, and PVE's sentence says so", async () => {
    const { call, row } = cluster();
    const refused = await call("role", { action: "delete", roleid: "PVEAuditor" });
    expect(refused.reason?.[0]).toContain("cannot be deleted");
    expect(await row("/access/roles", "roleid", "PVEAuditor")).toBeDefined();
    await call("role", { action: "create", roleid: "Ops", privs: "VM.Audit" });
    expect((await call("role", { action: "delete", roleid: "Ops" })).changes).toContainEqual({
      key: "privs",
      old: "VM.Audit",
    });
  });
});

describe("the access control list", () => {
  test.each([
    ["path", acl[0]?.path ?? ""],
    ["userid", "operator@pve"],
    ["groupid", "devs"],
    ["roleid", "PVEAuditor"],
  ])("is narrowed by %s, which the seed sends to PVE", async (name, value) => {
    const field = name === "path" ? "path" : name === "roleid" ? "roleid" : "ugid";
    const wanted = acl.filter((entry) => entry[field] === value);
    const { data } = await told("acl", { action: "get", [name]: value }, { "/access/acl": acl });
    expect(data.rows).toHaveLength(wanted.length);
    expect(data.summary).toBe(`${wanted.length} of ${acl.length} entries of the access control list`);
  });

  test("gives roles to users, groups and tokens, and takes them away", async () => {
    const { call, ask } = cluster();
    await call("user_token", { action: "create", userid: "operator@pve", tokenid: "ci" });
    const given = { path: "/vms/101", roles: "PVEVMUser", users: "auditor@pve", tokens: "operator@pve!ci" };
    const granted = await call("acl", { action: "update", ...given, propagate: false });
    expect(granted.changes).toContainEqual({ key: "auditor@pve PVEVMUser", old: undefined, new: "here alone" });
    const there = async () => rowsOf(await ask("GET", "/access/acl")).filter(({ path }) => path === "/vms/101");
    expect((await there()).map(({ ugid }) => ugid).sort()).toEqual(["auditor@pve", "operator@pve!ci"]);
    await call("acl", { action: "update", path: "/vms/101/", roles: "PVEVMUser", users: "auditor@pve", delete: true });
    expect((await there()).map(({ ugid }) => ugid)).toEqual(["operator@pve!ci"]);
  });

  test("refuses to take away what isn't there, where PVE says 200", async () => {
    const { call, changes } = cluster();
    const given = { path: "/vms/101", roles: "PVEVMUser", users: "auditor@pve", delete: true };
    const refused = await call("acl", { action: "update", ...given });
    expect(refused.reason?.[0]).toContain("they hold no role there");
    expect(changes).toEqual([]);
  });
});

describe("a realm", () => {
  const given = {
    realm: "corp",
    type: "ldap",
    server1: "192.0.2.40",
    base_dn: "dc=demo,dc=test",
    user_attr: "uid",
    bind_dn: "cn=pve,dc=demo,dc=test",
    bind_password: "a-bind-secret",
  };

  test("takes the seed's bind_password and shows it to nobody", async () => {
    const { call, record } = cluster();
    const created = await call("domain", { action: "create", ...given });
    expect(created.record).toMatchObject({ realm: "corp", server1: "192.0.2.40" });
    expect(await record("/access/domains/corp")).toMatchObject({ type: "ldap", base_dn: "dc=demo,dc=test" });
    expect(JSON.stringify([created, await call("domain", { action: "get", realm: "corp" })])).not.toContain(
      "a-bind-secret",
    );
  });

  test("keeps its type, tells old and new, and goes", async () => {
    const { call, row } = cluster();
    await call("domain", { action: "create", ...given, comment: "old" });
    expect((await call("domain", { action: "update", realm: "corp", type: "ad" })).reason?.[0]).toContain(
      "keeps its type",
    );
    const changed = await call("domain", { action: "update", realm: "corp", comment: "new", default: true });
    expect(changed.changes).toEqual([
      { key: "comment", old: "old", new: "new" },
      { key: "default", old: undefined, new: 1 },
    ]);
    await call("domain", { action: "delete", realm: "corp" });
    expect(await row("/access/domains", "realm", "corp")).toBeUndefined();
  });

  test("that was changed in between is not overwritten", async () => {
    const { call } = cluster();
    await call("domain", { action: "create", ...given });
    const digest = "0".repeat(40);
    const refused = await call("domain", { action: "update", realm: "corp", comment: "x", digest });
    expect(refused.reason?.[0]).toContain("detected modified configuration");
  });

  test.each(["pam", "pve"])("%s is built in, and isn't told as deleted", async (realm) => {
    const { call, changes } = cluster();
    expect((await call("domain", { action: "delete", realm })).reason?.[0]).toContain("built in");
    expect(changes).toEqual([]);
  });

  test("reads as PVE said it, a client's key masked unless elevated", async () => {
    const { data } = await told("domain", { action: "get", realm: "ldap1" }, { "/access/domains/ldap1": ldap });
    const { digest: _digest, ...rest } = ldap;
    expect(data.record).toEqual({ realm: "ldap1", ...rest });
    const oidc = {
      realm: "sso",
      type: "openid",
      "issuer-url": "https://id.demo.test",
      "client-id": "pve",
      "client-key": "k3y",
    };
    const { call, ask, simulator } = cluster({ policy: basic });
    await ask("POST", "/access/domains", oidc);
    expect(simulator.state.files["domains.cfg"]?.sso?.options["client-key"]).toBe("k3y");
    expect((await call("domain", { action: "get", realm: "sso" })).record?.["client-key"]).toBe("(not shown)");
  });
});
