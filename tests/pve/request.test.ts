import { describe, expect, test } from "bun:test";
import { buildRequest } from "../../src/pve/client.ts";
import { PveError } from "../../src/pve/errors.ts";
import type { WireValue } from "../../src/schema/check.ts";

const base = "https://pve:8006";
const config = (node: WireValue) =>
  buildRequest(base, { endpoint: "GET /nodes/{node}/qemu/{vmid}/config", values: { node, vmid: 100 } });
const content = (volume: string) =>
  buildRequest(base, {
    endpoint: "GET /nodes/{node}/storage/{storage}/content/{volume}",
    values: { node: "pve1", storage: "local", volume },
  });

describe("a path", () => {
  test("gets its variables, and they go nowhere else", () => {
    expect(config("pve1")).toEqual({ method: "GET", url: `${base}/api2/json/nodes/pve1/qemu/100/config` });
  });

  test.each([
    ["a/b", "slash"],
    ["../access", "slash"],
    ["pve1/qemu/100/status", "slash"],
    ["/", "slash"],
    ["..", "part"],
    [".", "part"],
    ["", "empty"],
    ["  ", "empty"],
    ["pve1\n", "control"],
    ["pve1\r\nX: y", "control"],
    ["pve1\0", "control"],
    ["\ud800", "Unicode"],
  ])("refuses %j in a variable", (value, why) => {
    try {
      config(value);
      throw new Error("was written");
    } catch (error) {
      if (!(error instanceof PveError)) throw error;
      expect([error.kind, error.sent]).toEqual(["invalid", false]);
      expect(error.sentence).toContain("value of node");
      expect(error.errors?.node).toContain(why);
    }
  });

  test("refuses a variable that is missing or a list", () => {
    expect(() => config(["a"])).toThrow(PveError);
    expect(() => buildRequest(base, { endpoint: "GET /nodes/{node}/status", values: {} })).toThrow(PveError);
  });

  test.each(["%2F", "%2e%2e", "a?b=c", "a#b", "a b", "a%00", "ü", "a\\b", "a;b&c"])(
    "keeps %j in its segment, and the server reads it as it was",
    (value) => {
      const { pathname, search, hash } = new URL(config(value).url);
      expect([search, hash]).toEqual(["", ""]);
      const parts = decodeURIComponent(pathname).split("/");
      expect(parts).toEqual(["", "api2", "json", "nodes", value, "qemu", "100", "config"]);
    },
  );

  test("takes a volume id with its slash, encoded", () => {
    expect(content("local:iso/a b.iso").url).toEndWith("/content/local%3Aiso%2Fa%20b.iso");
  });

  test("takes a network with its slash, encoded", () => {
    const endpoint = "GET /cluster/firewall/ipset/{name}/{cidr}";
    const { url } = buildRequest(base, { endpoint, values: { name: "set1", cidr: "10.9.0.0/24" } });
    expect(url).toEndWith("/ipset/set1/10.9.0.0%2F24");
  });

  test.each(["local:iso/../../access", "../x", "a//b", "/a", "a/.", "a/"])("refuses the volume id %j", (volume) => {
    expect(() => content(volume)).toThrow(PveError);
  });

  test("takes a UPID as it is", () => {
    const upid = "UPID:pve1:000ABCDE:0003C6F4:6B0594B9:qmstart:100:root@pam!mcp:";
    const endpoint = "GET /nodes/{node}/tasks/{upid}/status";
    const { url } = buildRequest(base, { endpoint, values: { node: "pve1", upid } });
    expect(decodeURIComponent(new URL(url).pathname)).toBe(`/api2/json/nodes/pve1/tasks/${upid}/status`);
  });
});

describe("parameters", () => {
  const values = { node: "pve1", name: "a&b=c;d+e f", list: ["x", "y"], on: true, off: false, number: 5, text: "ü\n" };
  const fields = [
    ["name", "a&b=c;d+e f"],
    ["list", "x"],
    ["list", "y"],
    ["on", "1"],
    ["off", "0"],
    ["number", "5"],
    ["text", "ü\n"],
  ];

  test.each(["GET /nodes/{node}/qemu", "DELETE /nodes/{node}/subscription"] as const)(
    "of %s stand in the query",
    (endpoint) => {
      const { url, body } = buildRequest(base, { endpoint, values });
      expect(body).toBeUndefined();
      expect([...new URL(url).searchParams]).toEqual(fields.map(([name, value]) => [name ?? "", value ?? ""]));
    },
  );

  test.each(["POST /nodes/{node}/qemu", "PUT /nodes/{node}/dns"] as const)("of %s stand in a form", (endpoint) => {
    const { url, body } = buildRequest(base, { endpoint, values });
    expect(new URL(url).search).toBe("");
    expect([...new URLSearchParams(body)]).toEqual(fields.map(([name, value]) => [name ?? "", value ?? ""]));
  });

  test("that aren't there leave no form behind: an empty one is a 500 in some forms (facts 12)", () => {
    expect(
      buildRequest(base, { endpoint: "POST /nodes/{node}/startall", values: { node: "pve1", vms: [] } }).body,
    ).toBeUndefined();
  });

  test("that are empty are sent: that is how an option is cleared (facts 17)", () => {
    const endpoint = "PUT /nodes/{node}/config";
    expect(buildRequest(base, { endpoint, values: { node: "pve1", description: "" } }).body).toBe("description=");
  });
});
