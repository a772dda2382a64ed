import { describe, expect, test } from "bun:test";
import { endpointKeys } from "../../src/schema/registry.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { rows, side } from "./asking.ts";

const base = "https://demo:8006/api2/json";
const form = "application/x-www-form-urlencoded";

describe("the door", () => {
  test("answers 401 with an empty body to no, a wrong and a malformed token", async () => {
    const { send } = side();
    const none = await send(new Request(`${base}/version`));
    expect([none.status, none.reason, none.text]).toEqual([401, "No ticket", ""]);
    for (const value of ["PVEAPIToken=root@pam!mcp=wrong", "PVEAPIToken=garbage", "PVEAPIToken=nobody@pve!x=1"]) {
      const answer = await send(new Request(`${base}/version`, { headers: { authorization: value } }));
      expect([answer.status, answer.reason, answer.text]).toEqual([401, "Authentication failed!", ""]);
    }
  });

  test("asks for no credentials where PVE doesn't: the list of realms", async () => {
    const { send } = side();
    const realms = await send(new Request(`${base}/access/domains`));
    expect(rows(realms.data).map((row) => row.realm)).toEqual(["pam", "pve"]);
  });

  test("takes the token behind a blank as well", async () => {
    const { send, simulator } = side();
    const headers = { authorization: `PVEAPIToken ${simulator.tokens.root}` };
    expect((await send(new Request(`${base}/version`, { headers }))).status).toBe(200);
  });

  test("says 501 to an unknown path, a wrong verb and a method that PVE doesn't have", async () => {
    const { ask, send } = side();
    expect((await ask("GET", "/nope")).message).toBe("Method 'GET /nope' not implemented");
    expect((await ask("POST", "/version")).message).toBe("Method 'POST /version' not implemented");
    const patch = await send(new Request(`${base}/version`, { method: "PATCH" }));
    expect([patch.status, patch.reason, patch.text]).toEqual([501, "method 'PATCH' not available", ""]);
  });

  test("says that a path it has no model for isn't modelled, never a sample", async () => {
    const { ask } = side();
    const answer = await ask("GET", "/nodes/pve1/scan/zfs");
    expect(answer.status).toBe(501);
    expect(answer.message).toBe("GET /nodes/{node}/scan/zfs is not modelled by the embedded cluster");
  });

  test("refuses another content type with 506 and a body that GET or DELETE carries with 501", async () => {
    const { send, simulator } = side();
    const authorization = `PVEAPIToken=${simulator.tokens.root}`;
    const url = `${base}/nodes/pve1/qemu/100/config`;
    const plain = { authorization, "content-type": "text/plain" };
    const wrong = await send(new Request(url, { method: "PUT", headers: plain, body: "description=x" }));
    expect([wrong.status, wrong.text]).toEqual([506, "upload 'Content-Type 'text/plain' not implemented"]);
    const json = { authorization, "content-type": "application/json" };
    const body = await send(new Request(url, { method: "DELETE", headers: json, body: "{}" }));
    expect([body.status, body.text]).toEqual([501, "Unexpected content for method 'DELETE'"]);
  });

  test("refuses malformed and empty JSON in PVE's way, not as JSON", async () => {
    const { send, simulator } = side();
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}`, "content-type": "application/json" };
    const put = (body: string) =>
      send(new Request(`${base}/nodes/pve1/qemu/100/config`, { method: "PUT", headers, body }));
    const empty = await put("");
    expect(empty.status).toBe(500);
    expect(empty.text).toStartWith("malformed JSON string");
    expect((await put("[1]")).text).toStartWith("Not a HASH reference");
    const object = await put('{"ide2":{"file":"none"}}');
    expect(object.errors).toEqual({ ide2: "type check ('string') failed - got HASH" });
    expect((await put('{"onboot":false,"cores":2,"description":null}')).status).toBe(200);
  });

  test("refuses a form over 512 KiB", async () => {
    const { send, simulator } = side();
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}`, "content-type": form };
    const body = `description=${"x".repeat(600_000)}`;
    const answer = await send(new Request(`${base}/nodes/pve1/qemu/100/config`, { method: "PUT", headers, body }));
    expect([answer.status, answer.text]).toEqual([501, "for data too large"]);
  });

  test("names every bad parameter at once, in PVE's words", async () => {
    const { ask } = side();
    const answer = await ask("PUT", "/nodes/pve1/qemu/100/config", { cores: "0", kvm: "yes", memoryy: "1", bios: "x" });
    expect(answer.status).toBe(400);
    expect(answer.message).toBe("Parameter verification failed.\n");
    expect(answer.errors).toEqual({
      cores: "value must have a minimum value of 1",
      kvm: "type check ('boolean') failed - got 'yes'",
      memoryy: "property is not defined in schema and the schema does not allow additional properties",
      bios: "value 'x' does not have a value in the enumeration 'seabios, ovmf'",
    });
  });

  test("checks permission before parameters and before existence", async () => {
    const { ask, simulator } = side();
    const missing = await ask("GET", "/nodes/pve1/qemu/999/config", { zzz: "1" }, simulator.tokens.powerless);
    expect([missing.status, missing.message]).toEqual([403, "Permission check failed (/vms/999, VM.Audit)\n"]);
    const root = await ask("GET", "/nodes/pve1/qemu/999/config");
    const text = "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist";
    expect([root.status, root.reason, root.message]).toEqual([500, text, `${text}\n`]);
  });

  test("keeps root@pam's own methods from its token", async () => {
    const { ask } = side();
    expect((await ask("POST", "/cluster/config/join", {})).message).toBe(
      "Permission check failed (user != root@pam)\n",
    );
    expect((await ask("PUT", "/access/password", {})).message).toStartWith(
      "Permission check failed (URI '/access/password' not available with API token",
    );
  });

  test("knows localhost, and looks an unknown node up in vain", async () => {
    const { ask } = side();
    expect((await ask("GET", "/nodes/localhost/qemu/100/config")).status).toBe(200);
    const text = "hostname lookup 'pve9' failed - failed to get address info for: pve9: Name or service not known\n";
    expect((await ask("GET", "/nodes/pve9/qemu")).message).toBe(text);
  });

  test("answers 595 with an empty body for a node that is down", async () => {
    const { ask, simulator } = side();
    const node = simulator.state.nodes.pve3;
    if (node !== undefined) node.online = false;
    const answer = await ask("GET", "/nodes/pve3/qemu");
    expect([answer.status, answer.reason, answer.text]).toEqual([595, "No route to host", ""]);
    expect(rows((await ask("GET", "/nodes")).data).find((row) => row.node === "pve3")?.status).toBe("offline");
  });

  test("tolerates doubled and trailing slashes, and lets the query override the body", async () => {
    const { ask, send, simulator } = side();
    expect((await ask("GET", "//nodes//pve1/qemu/")).status).toBe(200);
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}`, "content-type": form };
    const url = `${base}/nodes/pve1/qemu/100/config?description=query`;
    await send(new Request(url, { method: "PUT", headers, body: "description=body" }));
    expect((await ask("GET", "/nodes/pve1/qemu/100/config")).data).toMatchObject({ description: "query" });
  });

  test("lets go of a request that is aborted, at once or while PVE waits", async () => {
    const { simulator } = side();
    const request = (signal: AbortSignal) => new Request(`${base}/version`, { signal });
    await expect(simulator.fetch(request(AbortSignal.abort()))).rejects.toThrow();
    const real = createSimulator();
    const started = performance.now();
    await expect(real.fetch(request(AbortSignal.timeout(20)))).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("always answers 200 at extjs", async () => {
    const { send, simulator } = side();
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}` };
    const answer = await send(new Request("https://demo:8006/api2/extjs/nodes/pve1/qemu/999/config", { headers }));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ success: 0, status: 500, data: null });
  });

  test("knows all 661 endpoints: none of them is 'not implemented' to root", async () => {
    const { ask } = side();
    const unknown: string[] = [];
    for (const key of endpointKeys()) {
      const [method = "", path = ""] = key.split(" ");
      const concrete = path
        .replaceAll(/\{node\}/g, "pve1")
        .replaceAll(/\{vmid\}/g, "999")
        .replaceAll(/\{[^}]+\}/g, "x1");
      const answer = await ask(method, concrete, { "no-such-parameter": "1" });
      if (/^Method '/.test(answer.message)) unknown.push(key);
    }
    expect(endpointKeys()).toHaveLength(661);
    expect(unknown).toEqual([]);
  });
});
