// A change that PVE made is no failure because a look at it afterwards was refused, and no look before it stops it.
import { expect, test } from "bun:test";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver } from "../toolkit/stand-in.ts";

/** The demo's cluster for a token that may not read what the pattern names, from the given look on. */
async function blind(wanted: RegExp, looks: number, name: string, given: Readonly<Record<string, unknown>>) {
  const simulator = createSimulator({ seed: 1, speed: Number.POSITIVE_INFINITY });
  let seen = 0;
  const statusText = "Permission check failed (/, Sys.Audit)";
  const fetch = (request: Request) => {
    const isLook = request.method === "GET" && wanted.test(new URL(request.url).pathname);
    if (!isLook || ++seen <= looks) return simulator.fetch(request);
    return Promise.resolve(new Response('{"data":null}', { status: 403, statusText }));
  };
  const tool = catalogue.find((one) => one.name === `proxmox_${name}`);
  if (!tool) throw new Error(`no tool ${name}`);
  return callTool(tool, given, clusterOver(fetch, undefined, simulator.tokens.root));
}

const node = "pve1";

test.each([
  [/backup$/, 0, "cluster_backup_job", { action: "create", all: true, schedule: "1:00" }],
  [/backup$/, 1, "cluster_backup_job", { action: "create", all: true, schedule: "1:00", id: "nightly" }],
  [/pools$/, 0, "pool", { action: "update", poolid: "production", comment: "x" }],
  [/pools$/, 1, "pool", { action: "update", poolid: "production", comment: "x" }],
  [/time$/, 0, "node_config", { action: "set_time", node, timezone: "Europe/Berlin" }],
  [/hosts$/, 1, "node_config", { action: "set_hosts", node, ip: "192.0.2.77", name: "q" }],
  [/acl$/, 1, "acl", { action: "update", path: "/vms/100", roles: "PVEAuditor", users: "root@pam" }],
])("%s seen %d times: %s %j", async (wanted, looks, name, given) => {
  const answer = await blind(wanted, looks, name, given);
  expect(answer.outcome).toBe("ok");
  expect(answer.notes?.join()).toContain("how it looks now could not be read");
  expect(JSON.stringify(answer)).not.toContain("undefined");
});

test("a zone whose predecessor could not be read is told without it", async () => {
  const simulator = createSimulator({ seed: 1, speed: Number.POSITIVE_INFINITY });
  let looks = 0;
  const fetch = (request: Request) =>
    request.method === "GET" && ++looks === 1
      ? Promise.resolve(new Response("", { status: 403, statusText: "Permission check failed" }))
      : simulator.fetch(request);
  const tool = catalogue.find((one) => one.name === "proxmox_node_config");
  if (!tool) throw new Error("no tool");
  const cluster = clusterOver(fetch, undefined, simulator.tokens.root);
  const answer = await callTool(tool, { action: "set_time", node, timezone: "Europe/Berlin" }, cluster);
  expect(answer).toMatchObject({ outcome: "ok" });
  expect(answer.changes).toBeUndefined();
});
