import { describe, expect, test } from "bun:test";
import { readHttpOptions } from "../../../src/commands/http-options.ts";
import { isLocal, readAddress } from "../../../src/server/http/address.ts";
import { allowedHosts, strangeSource } from "../../../src/server/http/guard.ts";

describe("the address of --http", () => {
  test.each([
    ["8080", { host: "127.0.0.1", port: 8080 }, true],
    ["localhost:80", { host: "127.0.0.1", port: 80 }, true],
    ["127.1.2.3:0", { host: "127.1.2.3", port: 0 }, true],
    ["[::1]:8080", { host: "::1", port: 8080 }, true],
    ["0.0.0.0:8080", { host: "0.0.0.0", port: 8080 }, false],
    ["[::]:8080", { host: "::", port: 8080 }, false],
    ["[::ffff:10.0.0.1]:1", { host: "::ffff:10.0.0.1", port: 1 }, false],
    ["10.0.0.5:443", { host: "10.0.0.5", port: 443 }, false],
    ["jump.example.com:443", { host: "jump.example.com", port: 443 }, false],
    ["127.0.0.1.evil.example:1", { host: "127.0.0.1.evil.example", port: 1 }, false],
    ["unix:/run/mcp.sock", { path: "/run/mcp.sock" }, true],
  ])("%s is %j, and loopback alone: %p", (text, address, local) => {
    const read = readAddress(text);
    expect(read).toEqual(address);
    expect("problem" in read || isLocal(read)).toBe(local);
  });

  test.each([
    "",
    "x",
    ":8080",
    "65536",
    "1.2.3.4",
    "[::1]",
    "[x]:1",
    "::1:8080",
    "unix:",
    "unix:a",
    "http://a:1",
    "a b:1",
  ])("%j is none", (text) => {
    expect(readAddress(text)).toHaveProperty("problem");
  });
});

describe("serve --http refuses to begin", () => {
  const problem = (options: Record<string, string | true>) => {
    const read = readHttpOptions(options);
    return "problem" in read ? read.problem : undefined;
  };
  const tls = { "tls-cert": "c", "tls-key": "k" };

  test.each([
    [{ http: "0.0.0.0:1" }, "not loopback"],
    [{ http: "0.0.0.0:1", "no-auth": true as const }, "--no-auth"],
    [{ http: "0.0.0.0:1", "no-auth": true as const, ...tls }, "--no-auth"],
    [{ http: "0.0.0.0:1", "no-auth": true as const, "behind-proxy": true as const }, "--no-auth"],
    [{ http: "1", "no-auth": true as const, "behind-proxy": true as const }, "--no-auth"],
    [{ http: "1", "tls-cert": "c" }, "go together"],
    [{ http: "1", "allow-host": "a/b" }, "no name of a host"],
    [{ http: "nowhere" }, "[HOST:]PORT"],
  ])("with %j", (options, words) => {
    expect(problem(options)).toContain(words);
  });

  test.each([
    [{ http: "1" }],
    [{ http: "1", "no-auth": true as const }],
    [{ http: "0.0.0.0:1", ...tls }],
    [{ http: "0.0.0.0:1", "behind-proxy": true as const, "allow-host": "mcp.example.com\n[fd00::1],10.0.0.1" }],
    [{ http: "unix:/run/x", "no-auth": true as const }],
  ])("but not with %j", (options) => {
    expect(problem(options)).toBeUndefined();
  });
});

describe("Host and Origin", () => {
  const allowed = allowedHosts(["mcp.example.com", "fd00::1"]);
  const taken = (host: string | undefined, origin?: string) => strangeSource({ host, origin }, allowed) === undefined;

  test("of loopback and of the names that were given are taken, with any port", () => {
    for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:1", "mcp.example.com", "[FD00::1]:443"]) {
      expect([host, taken(host), taken(host, `https://${host}`)]).toEqual([host, true, true]);
    }
  });

  test("of a certificate's wildcard are taken for one label", () => {
    const wild = allowedHosts(["*.example.com"]);
    const isTaken = (host: string) => strangeSource({ host, origin: undefined }, wild) === undefined;
    expect(["a.example.com", "a.b.example.com", "example.com", "evil.com"].map(isTaken)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test("of anybody else aren't", () => {
    for (const host of [
      undefined,
      "",
      "evil",
      "localhost.evil",
      "a@localhost",
      "localhost:x",
      "localhost/x",
      "::1",
      "[::1",
      "127.0.0.2",
    ]) {
      expect([host, taken(host)]).toEqual([host, false]);
    }
    for (const origin of [
      "null",
      "",
      "https://evil",
      "file://localhost",
      "https://localhost@evil",
      "https://localhost/x",
    ]) {
      expect([origin, taken("localhost", origin)]).toEqual([origin, false]);
    }
  });
});
