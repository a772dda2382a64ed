// What an operator has to be able to read of tokens: which one it is about, and never its secret.
import { expect, test } from "bun:test";
import { demo } from "./demo.ts";

async function withToken() {
  const side = demo();
  await side.call("user", { action: "create", userid: "bob@pve" });
  const made = await side.call("user_token", { action: "create", userid: "bob@pve", tokenid: "automation" });
  return { ...side, value: String(made.record?.value) };
}

test("a grant to a token says to which", async () => {
  const { call, ask } = await withToken();
  const given = { action: "update", path: "/vms/100", roles: "PVEVMUser", tokens: "bob@pve!automation" };
  const answer = await call("acl", given);
  expect(answer.rows).toMatchObject([{ path: "/vms/100", ugid: "bob@pve!automation", roleid: "PVEVMUser" }]);
  expect(answer.changes).toEqual([{ key: "bob@pve!automation PVEVMUser", new: "here and below" }]);
  expect(await ask("GET", "/access/acl")).toContainEqual(expect.objectContaining({ ugid: "bob@pve!automation" }));
});

test("a user's deletion says which tokens went along, and not their secrets", async () => {
  const { call, value } = await withToken();
  const answer = await call("user", { action: "delete", userid: "bob@pve" });
  expect(JSON.stringify(answer.changes)).toContain("automation");
  expect(JSON.stringify(answer)).not.toContain(value);
});
