import { describe, expect, test } from "bun:test";
import type { PveErrorKind } from "../../src/pve/errors.ts";
import { createStandIn, data, failure, refusal } from "./stand-in.ts";

const start = { endpoint: "POST /nodes/{node}/qemu/{vmid}/status/start", values: { node: "pve1", vmid: 100 } } as const;
const version = { endpoint: "GET /version", values: {} } as const;
const once = { attempts: 1, milliseconds: 0 };

const refused = (
  response: Response,
  request: Parameters<ReturnType<typeof createStandIn>["client"]["request"]>[0] = version,
) => failure(createStandIn(() => response, { retries: once }).client.request(request));

describe("a success", () => {
  test("gives the data, and total and changes where they come along", async () => {
    const { client } = createStandIn(() => data([1], { total: 7, changes: "--- diff" }));
    expect(await client.request(version)).toEqual({ data: [1], total: 7, changes: "--- diff" });
  });

  test("of null is null", async () => {
    expect(await createStandIn(() => data(null)).client.request(version)).toEqual({ data: null });
  });

  test("carries the token in the Authorization header", async () => {
    const pve = createStandIn(() => data(1));
    await pve.client.request(version);
    expect(pve.asked[0]?.authorization).toBe("PVEAPIToken=bot@pve!mcp=planted-token-secret");
  });

  test.each(["", "<html>login</html>", "[]", "{}", "{"])("that isn't PVE's JSON is an error: %j", async (body) => {
    expect((await refused(new Response(body))).kind).toBe("bug");
  });

  test("that hides an agent's failure is an error (facts 54)", async () => {
    const endpoint = "POST /nodes/{node}/qemu/{vmid}/agent/suspend-disk";
    const error = await refused(data({ result: { error: { class: "GenericError", desc: "cannot suspend" } } }), {
      endpoint,
      values: start.values,
    });
    expect(error.sentence).toBe("Agent error: cannot suspend");
  });

  test("of a backup that never began is an error (facts 55)", async () => {
    const error = await refused(data("OK"), {
      endpoint: "POST /nodes/{node}/vzdump",
      values: { node: "pve1", vmid: "205" },
    });
    expect(error.sentence).toContain("started nothing");
  });
});

describe("the sentence of an error", () => {
  test("is the body's message, complete", async () => {
    const error = await refused(refusal(500, "create ha rule failed: 400 Rule 'ra1' is invalid.\nsecond line"));
    expect(error.sentence).toBe("create ha rule failed: 400 Rule 'ra1' is invalid.\nsecond line");
  });

  test("has each parameter's text on a line", async () => {
    const errors = {
      vmid: "type check ('integer') failed",
      net0: "invalid format - format error\nnet0.model: property is missing\n",
    };
    const error = await refused(refusal(400, "Parameter verification failed.", errors), start);
    expect(error.kind).toBe("invalid");
    expect(error.errors).toEqual({ vmid: errors.vmid, net0: errors.net0.trim() });
    expect(error.sentence.split("\n")).toEqual([
      "Parameter verification failed.",
      "vmid: type check ('integer') failed",
      "net0: invalid format - format error",
      "net0.model: property is missing",
    ]);
  });

  test.each([
    ["storage 'x' does not exist", "storage 'x' does not exist"],
    [Buffer.from("größe € unbekannt").toString("latin1"), "größe € unbekannt"],
    ["größe unbekannt", "größe unbekannt"],
  ])("is the reason phrase where the body has none, in UTF-8 or Latin-1: %s", async (statusText, sentence) => {
    expect((await refused(new Response('{"data":null}', { status: 500, statusText }))).sentence).toBe(sentence);
  });

  test("is never empty", async () => {
    expect((await refused(new Response("", { status: 500 }))).sentence).toBe("HTTP status 500");
  });
});

describe("an error", () => {
  const rows: readonly [number, string, PveErrorKind][] = [
    [401, "No ticket", "unauthorised"],
    [403, "Permission check failed (/vms/100, VM.PowerMgmt)", "forbidden"],
    [403, "Permission check failed", "forbidden"],
    [400, "Parameter verification failed.", "invalid"],
    [404, "endpoint 'none' not found", "missing"],
    [424, "node is not in a cluster, no join info available!", "unsupported"],
    [501, "Method 'GET /nope' not implemented", "unsupported"],
    [501, "for data too large", "invalid"],
    [501, "Unexpected content for method 'GET'", "bug"],
    [506, "upload 'Content-Type 'text/plain' not implemented", "bug"],
    [595, "No route to host", "node-down"],
    [596, "Connection timed out", "node-down"],
    [500, "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist", "missing"],
    [500, "no such user ('x@pve')", "missing"],
    [500, "hostname lookup 'x' failed - failed to get address info for: x: Name or service not known", "missing"],
    [500, "unable to create VM 101 - VM 101 already exists on node 'pve1'", "exists"],
    [
      500,
      "unable to create VM 171 - close (rename) atomic file '/etc/pve/nodes/pve1/qemu-server/171.conf' failed: File exists",
      "exists",
    ],
    [500, "VM is locked (backup)", "locked"],
    [500, "can't lock file '/var/lock/qemu-server/lock-102.conf' - got timeout", "locked"],
    [500, "cfs-lock 'file-corosync_conf' error: got lock request timeout", "locked"],
    [500, "checksum mismatch (file change by other user?)", "conflict"],
    [500, "detected modified configuration - file changed by other user? Try again.", "conflict"],
    [500, "VM 100 is running - destroy failed", "conflict"],
    [500, "VM 100 not running", "conflict"],
    [500, "No QEMU guest agent configured", "conflict"],
    [500, "can't remove VM 102 - protection mode enabled", "conflict"],
    [500, "create user failed: cfs-lock 'file-user_cfg' error: no quorum!", "no-quorum"],
    [500, "cluster not ready - no quorum?", "no-quorum"],
    [500, "unable to open file '/etc/pve/nodes/pve3/qemu-server/132.conf.tmp.407' - Permission denied", "no-quorum"],
    [500, "only root can set 'args' config", "forbidden"],
    [500, "Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 9.", "forbidden"],
    [500, "400 Parameter verification failed.\nvmid: property is missing and it is not optional", "invalid"],
    [500, "no options specified", "invalid"],
    [500, "got timeout", "timeout"],
    [500, "cannot index groups: ha groups have been migrated to rules", "unsupported"],
    [500, "snapshot feature is not available", "unsupported"],
    [500, "something that nobody has seen", "refused"],
  ];
  test.each(rows)("%d %s is of the kind it is", async (status, text, kind) => {
    const error = await refused(refusal(status, text), version);
    expect([error.kind, error.status]).toEqual([kind, status]);
    expect(error.endpoint).toBe("GET /version");
    expect(error.next).toMatch(/^\S[^\n]+[.]$/);
    expect(error.message).toBe(`${error.sentence}\n${error.next}`);
  });

  test("of another node names it, and why (595, 596)", async () => {
    const request = { endpoint: "GET /nodes/{node}/status", values: { node: "pve3" } } as const;
    const refusedBy = await refused(new Response("", { status: 595, statusText: "Connection refused" }), request);
    expect(refusedBy.sentence).toBe("Connection refused (HTTP status 595)");
    expect(refusedBy.next).toContain("node pve3");
    const reason = "error:0A000086:SSL routines::certificate verify failed";
    expect((await refused(new Response("", { status: 596, statusText: reason }), request)).next).toContain(
      "trust the certificate of node pve3",
    );
  });

  test("401 names the settings to check and the token, but not its secret", async () => {
    const error = await refused(new Response("", { status: 401, statusText: "Authentication failed!" }));
    for (const name of ["PROXMOX_USER", "PROXMOX_TOKEN_NAME", "PROXMOX_TOKEN_VALUE", "bot@pve!mcp"])
      expect(error.next).toContain(name);
    expect(error.message).not.toContain("planted");
  });

  test("never repeats a secret that was sent", async () => {
    const values = { userid: "a@pve", password: "hunter2 & more" };
    const echo = `bad value 'hunter2 & more' (hunter2%20%26%20more), PVEAPIToken=bot@pve!mcp=planted-token-secret`;
    const error = await refused(refusal(400, echo, { password: "hunter2 & more is too plain" }), {
      endpoint: "POST /access/users",
      values,
    });
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toMatch(/hunter2|planted/);
  });
});

describe("a 403", () => {
  test("names path, privilege and the line that grants it", async () => {
    const error = await refused(refusal(403, "Permission check failed (/vms/100, VM.PowerMgmt)"), start);
    expect(error.sentence).toBe("Permission check failed (/vms/100, VM.PowerMgmt)");
    expect(error.next).toContain("bot@pve!mcp lacks VM.PowerMgmt on /vms/100");
    expect(error.next).toContain("pveum role add mcp-VM.PowerMgmt-vms-100 --privs VM.PowerMgmt");
    expect(error.next).toContain("pveum acl modify /vms/100 --tokens 'bot@pve!mcp' --roles mcp-VM.PowerMgmt-vms-100");
  });

  test("asks for the least where one of several is enough", async () => {
    const error = await refused(
      refusal(403, "Permission check failed (/vms/100, VM.GuestAgent.Unrestricted|VM.GuestAgent.Audit)"),
      start,
    );
    expect(error.next).toContain("--privs VM.GuestAgent.Audit;");
  });

  test.each([
    ["Permission check failed (user != root@pam)", "no API token counts as root@pam"],
    [
      "Permission check failed (changing feature flags (except nesting) is only allowed for root@pam)",
      "no API token counts as root@pam",
    ],
    [
      "Permission check failed (URI '/access/password' not available with API token, need proper ticket.\n)",
      "doesn't let API tokens",
    ],
    ["Permission check failed (, Sys.Modify)", "hangs on a parameter which is missing"],
    ["Permission check failed", "doesn't name"],
  ])("that no grant mends says so: %s", async (text, words) => {
    const error = await refused(refusal(403, text), start);
    expect(error.next).toContain(words);
    expect(error.next).not.toContain("pveum acl modify");
  });
});
