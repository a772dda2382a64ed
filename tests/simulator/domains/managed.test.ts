// A guest that the HA manager keeps: what its status says, and that a migration is handed over.
import { expect, test } from "bun:test";
import { record, side } from "../asking.ts";

const status = "/nodes/pve1/qemu/200/status/current";

async function managed() {
  const cluster = side();
  await cluster.run("POST", "/nodes/pve1/qemu", { vmid: "200", scsi0: "shared-nfs:1" });
  expect(record((await cluster.ask("GET", status)).data).ha).toEqual({ managed: 0 });
  await cluster.ask("POST", "/cluster/ha/resources", { sid: "vm:200", state: "stopped" });
  return cluster;
}

test("a managed guest's status says so, and in what state it is kept", async () => {
  const { ask } = await managed();
  expect(record((await ask("GET", status)).data).ha).toEqual({ managed: 1, state: "stopped" });
});

test("a managed guest's migration is a hamigrate task, and it moves later", async () => {
  const { ask, pass } = await managed();
  const { data: upid } = await ask("POST", "/nodes/pve1/qemu/200/migrate", { target: "pve2" });
  expect(upid).toContain(":hamigrate:200:");
  pass(2_000);
  expect(record((await ask("GET", `/nodes/pve1/tasks/${upid}/status`)).data)).toMatchObject({ exitstatus: "OK" });
  expect((await ask("GET", status)).status).toBe(200);
  pass(20_000);
  await ask("GET", "/version");
  expect((await ask("GET", "/nodes/pve2/qemu/200/status/current")).status).toBe(200);
});
