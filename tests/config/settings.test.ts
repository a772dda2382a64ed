import { describe, expect, test } from "bun:test";
import { allSettings } from "../../src/config/settings.ts";
import { settingsTable } from "../../src/config/settings-table.ts";
import { certificate, config, enough, mistakes, read } from "./read.ts";

const files = { "/ca.pem": certificate, "/empty": "", "/home/me/ca.pem": certificate };
const hex = "ab".repeat(32);
const colons = Array(32).fill("AB").join(":");
const base64 = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s";
const ssh = { PROXMOX_SSH_ENABLED: "true", PROXMOX_SSH_KEY_PATH: "/key" };

describe("without settings but the needed ones", () => {
  test("the defaults of the seed hold", () => {
    expect({ ...config() }).toMatchObject({
      base: "https://pve.example.com:8006",
      user: "root@pam",
      tokenName: "mcp",
      tls: { mode: "strict" },
      policy: { elevated: false, readOnly: false, deny: [], narrowing: { toolsets: [], tools: [], excluded: [] } },
      logLevel: "info",
      allowUnsafeCommands: false,
    });
    expect(config().ssh).toBeUndefined();
  });

  test("an empty string, blanks, or a pair of quotes is not set", () => {
    const names = allSettings.map(({ name }) => name).filter((name) => !(name in enough));
    for (const nothing of ["", "  ", '""', " '' "]) {
      expect(config(Object.fromEntries(names.map((name) => [name, nothing])))).toEqual(config());
    }
  });

  test("every missing setting is told at once", () => {
    const reading = read({});
    const told = "mistakes" in reading ? reading.mistakes : [];
    expect(told.map((line) => line.split(" is not set. Allowed: ")[0])).toEqual([
      "PROXMOX_HOST",
      "PROXMOX_TOKEN_NAME",
      "PROXMOX_TOKEN_VALUE",
    ]);
  });
});

describe("a value is understood", () => {
  test.each([
    ["PROXMOX_ALLOW_ELEVATED", ["true", "TRUE", "1", "yes", "Yes", "on", ' "true" '], { policy: { elevated: true } }],
    ["PROXMOX_ALLOW_ELEVATED", ["false", "False", "0", "no", "off"], { policy: { elevated: false } }],
    ["PROXMOX_READ_ONLY", ["true", "1", "YES"], { policy: { readOnly: true } }],
    ["PROXMOX_ALLOW_UNSAFE_COMMANDS", ["true", "1", "YES"], { allowUnsafeCommands: true }],
    [
      "PROXMOX_DENY",
      ["destroy,exec", "exec, destroy", "EXEC,destroy,exec,"],
      { policy: { deny: ["destroy", "exec"] } },
    ],
    ["PROXMOX_DENY", ["write,reveal"], { policy: { deny: ["reveal", "write"] } }],
    ["PROXMOX_UPLOAD_DIR", ["/home/me/files", "~/files"], { folder: "/home/me/files" }],
    ["PROXMOX_LOG_LEVEL", ["debug", "DEBUG", "'debug'"], { logLevel: "debug" }],
    ["PROXMOX_PORT", ["443", " 443 ", '"443"'], { port: 443 }],
    ["PROXMOX_SSL_MODE", ["verify", "VERIFY"], { tls: { mode: "verify" } }],
    ["PROXMOX_SSL_MODE", ["insecure"], { tls: { mode: "insecure" } }],
    ["PROXMOX_SSL_CA_CERT", ["/ca.pem", "~/ca.pem"], { tls: { mode: "strict", ca: certificate } }],
    [
      "PROXMOX_SSL_FINGERPRINT",
      [hex, hex.toUpperCase(), colons, colons.toLowerCase(), `sha256 Fingerprint=${colons}`, `SHA256:${hex}`],
      { tls: { mode: "strict", fingerprint: colons } },
    ],
  ])("%s=%p", (name, texts, expected) => {
    for (const text of texts) expect(config({ [name]: text, HOME: "/home/me" }, files)).toMatchObject(expected);
  });

  test.each([
    ["PROXMOX_SSH_HOST", ["pve1.lan"], { host: "pve1.lan", port: 22 }],
    ["PROXMOX_SSH_HOST", ["pve1.lan:2222"], { host: "pve1.lan", port: 2222 }],
    ["PROXMOX_SSH_HOST", ["2001:db8::1", "[2001:db8::1]"], { host: "2001:db8::1" }],
    ["PROXMOX_SSH_PORT", ["2222"], { host: "pve.example.com", port: 2222 }],
    ["PROXMOX_SSH_USER", ["admin", "ops.team"], {}],
    ["PROXMOX_SSH_KEY_PATH", ["~/id"], { keyPath: "/home/me/id" }],
    ["PROXMOX_SSH_NODE", ["pve1"], { node: "pve1" }],
    [
      "PROXMOX_SSH_HOST_KEY_FINGERPRINT",
      [hex, colons, base64, `SHA256:${base64}`, `SHA256:${base64}=`],
      { fingerprints: [`SHA256:${base64}`] },
    ],
    [
      "PROXMOX_SSH_HOSTS",
      ["pve1=10.0.0.1,pve2=[2001:db8::2]:2222"],
      { hosts: { pve1: { host: "10.0.0.1" }, pve2: { host: "2001:db8::2", port: 2222 } } },
    ],
    ["PROXMOX_SSH_AGENT", ["/run/agent"], { agent: "/run/agent" }],
    ["PROXMOX_SSH_WRAPPER", ["/usr/local/sbin/proxmox-mcp-pct"], { wrapper: "/usr/local/sbin/proxmox-mcp-pct" }],
  ])("%s=%p, where SSH is enabled", (name, texts, expected) => {
    for (const text of texts) expect(config({ ...ssh, HOME: "/home/me", [name]: text }).ssh).toMatchObject(expected);
  });

  test("SSH falls back to the host of the API, port 22, root, and looks the node up later", () => {
    expect(config(ssh).ssh).toEqual({
      host: "pve.example.com",
      port: 22,
      user: "root",
      keyPath: "/key",
      hosts: {},
      fingerprints: [],
    });
  });
});

describe("a value is a mistake", () => {
  test.each([
    ["PROXMOX_PORT", ["0", "65536", "80o6", "-1", "8006.5", "0x50", "http"]],
    ["PROXMOX_SSL_MODE", ["off", "none", "true", "strikt"]],
    ["PROXMOX_SSL_CA_CERT", ["/nowhere.pem", "/empty", certificate, "~/ca.pem"]],
    ["PROXMOX_SSL_FINGERPRINT", ["ab", `${hex}ab`, "ab".repeat(20), "zz".repeat(32), colons.replace(":", "")]],
    ["PROXMOX_ALLOW_ELEVATED", ["ja", "2", "enabled", "truee", "true false"]],
    ["PROXMOX_READ_ONLY", ["ja", "2"]],
    ["PROXMOX_ALLOW_UNSAFE_COMMANDS", ["ja"]],
    ["PROXMOX_DENY", ["read", "destroy exec", "delete", "all"]],
    ["PROXMOX_UPLOAD_DIR", ["~/files", "-----BEGIN CERTIFICATE-----"]],
    ["PROXMOX_LOG_LEVEL", ["verbose", "3", "warning"]],
    ["PROXMOX_SSH_ENABLED", ["ja"]],
    ["PROXMOX_SSH_HOST", ["ssh://pve1", "root@pve1", "pve1/x", "a b"]],
    ["PROXMOX_SSH_PORT", ["ssh", "0"]],
    ["PROXMOX_SSH_USER", ["two words", "-oProxyCommand", "root:pw"]],
    ["PROXMOX_SSH_KEY_PATH", ["~/id", "-----BEGIN OPENSSH PRIVATE KEY-----"]],
    ["PROXMOX_SSH_NODE", ["pve1.lan", "pve 1", "-pve"]],
    ["PROXMOX_SSH_HOST_KEY_FINGERPRINT", ["SHA256:abc", Array(16).fill("ab").join(":"), "ab".repeat(20)]],
    ["PROXMOX_USER", ["root", "root@", "@pam", "ro ot@pam", "root@pam/x", "jörg@pve"]],
    ["PROXMOX_TOKEN_NAME", ["m", "1mcp", "m cp", "root!mcp", "mcp!", "@pam!mcp"]],
  ])("%s=%p: what it holds, what is allowed, an example", (name, texts) => {
    const example = allSettings.find((setting) => setting.name === name)?.example;
    for (const text of texts) {
      const [mistake = "", ...others] = mistakes({ [name]: text }, files);
      expect(mistake).toStartWith(`${name} holds "`);
      expect(mistake).toContain(". Allowed: ");
      expect(mistake).toEndWith(`. Example: ${name}=${example}`);
      expect(others).toEqual([]);
    }
  });

  test("PROXMOX_SSH_KEY_PATH is missed when SSH is enabled, and PROXMOX_SSH_NODE isn't", () => {
    expect(mistakes({ PROXMOX_SSH_ENABLED: "true" }).map((line) => line.split(".")[0])).toEqual([
      "PROXMOX_SSH_KEY_PATH is not set",
    ]);
  });

  test("all of them come at once, and one line each", () => {
    const told = mistakes({
      PROXMOX_HOST: "a b",
      PROXMOX_PORT: "x",
      PROXMOX_SSL_MODE: "a\nb\u001b[31m\u202e",
      PROXMOX_DENY: "all",
    });
    expect(told.map((line) => line.split(" ")[0])).toEqual([
      "PROXMOX_HOST",
      "PROXMOX_PORT",
      "PROXMOX_SSL_MODE",
      "PROXMOX_DENY",
    ]);
    expect(told.join("")).toMatch(/^[ -~…]*$/);
  });

  test("a long value is cut", () => {
    expect((mistakes({ PROXMOX_SSL_MODE: "x".repeat(5000) })[0] ?? "").length).toBeLessThan(200);
  });
});

describe("the table of settings", () => {
  test("has examples and defaults that are right themselves", () => {
    for (const { kind, example, default: standard } of allSettings) {
      for (const text of [example, standard ?? example]) expect(kind.read(text)).toHaveProperty("value");
    }
  });

  test("is README's, a row a variable", () => {
    const lines = settingsTable().split("\n");
    expect(lines).toHaveLength(allSettings.length + 2);
    expect(new Set(lines.map((line) => line.split(/(?<!\\)\|/).length))).toEqual(new Set([8]));
    expect(lines[2]).toStartWith("| `PROXMOX_HOST` | yes | – | ");
  });
});
