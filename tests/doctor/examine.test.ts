import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/commands/doctor.ts";
import { collected } from "../commands/collected.ts";
import { examined, type Ward, ward } from "./patient.ts";

let whole: Ward;
const place = mkdtempSync(join(tmpdir(), "doctor-"));
beforeAll(async () => {
  whole = await ward();
});
afterAll(async () => {
  await whole[Symbol.asyncDispose]();
  rmSync(place, { recursive: true, force: true });
});

const fitting = (): Record<string, string> => ({ ...whole.settings("root"), PROXMOX_ALLOW_ELEVATED: "true" });

describe("a cluster and settings that fit", () => {
  test("are ok in every line, and the exit code is 0", async () => {
    const { code, report } = await examined(fitting());
    expect(report.findings.filter(({ state, check }) => state !== "ok" && check !== "excess")).toEqual([]);
    expect(report.unchecked).toEqual([]);
    expect(code).toBe(0);
  });

  test("show the certificate's fingerprint, PVE's version and the nodes", async () => {
    const { lines } = await examined(fitting());
    expect(lines.join("\n")).toContain(`SHA-256 ${whole.fingerprint}`);
    expect(lines).toContain("ok version: Proxmox VE 9.2.11");
    expect(lines).toContain("ok nodes: 3 nodes, all online: pve1, pve2, pve3");
    expect(lines).toContain("ok quorum: cluster demo has it");
  });

  test("are told in lines with what to do below, and never show the token's value", async () => {
    const out = collected();
    const env = fitting();
    expect(await run({ options: {}, env, stdout: out.stdout, stderr: out.stdout })).toBe(0);
    expect(out.text()).toMatch(/^ok {7}settings {2,}https:\/\/127\.0\.0\.1:\d+ as root@pam!mcp$/m);
    expect(out.text()).toMatch(/\n\d+ ok, \d warnings?, 0 failed\n$/);
    expect(out.text()).not.toContain(env.PROXMOX_TOKEN_VALUE ?? "-");
  });
});

describe("each thing broken in turn is found, with what to do", () => {
  const broken: [string, Record<string, string>, RegExp][] = [
    ["a setting that isn't right", { PROXMOX_PORT: "x" }, /^failed settings: PROXMOX_PORT/],
    ["a tool that isn't there", { PROXMOX_TOOLS: "proxmox_gues_list" }, /^failed settings: .*did you mean/],
    [
      "a name that nobody knows",
      { PROXMOX_HOST: "pve.invalid" },
      /^failed name: pve\.invalid .*→ Correct PROXMOX_HOST/,
    ],
    [
      "a port that is closed",
      { PROXMOX_PORT: "1" },
      /^failed port: .*ECONNREFUSED.*→ Check PROXMOX_HOST and PROXMOX_PORT/,
    ],
    [
      "a certificate of an unknown issuer",
      { PROXMOX_SSL_MODE: "strict", PROXMOX_SSL_FINGERPRINT: "" },
      /^failed TLS: /,
    ],
    [
      "another certificate than the pinned one",
      { PROXMOX_SSL_FINGERPRINT: "AB".repeat(32) },
      /^failed TLS: .*it isn't the one/,
    ],
    [
      "no look at the certificate",
      { PROXMOX_SSL_MODE: "insecure", PROXMOX_SSL_FINGERPRINT: "" },
      /^warning TLS: .*PROXMOX_SSL_FINGERPRINT=/,
    ],
    [
      "a token that isn't taken",
      { PROXMOX_TOKEN_VALUE: "0".repeat(8) },
      /^failed token: .*→ PVE doesn't accept the token/,
    ],
    ["a folder that isn't there", { PROXMOX_UPLOAD_DIR: `${place}/none` }, /^failed upload folder: .*→ Make it/],
    ["a folder that is a file", { PROXMOX_UPLOAD_DIR: import.meta.path }, /^failed upload folder: .*is no folder/],
    ["SSH without a server", sshTo("127.0.0.1:1"), /^failed SSH: .*→ Name an address/],
  ];
  test.each(broken)(
    "%s",
    async (_, change, expected) => {
      const { lines, code } = await examined({ ...fitting(), ...change });
      expect(lines.map((line) => line.replaceAll("\n", " "))).toContainEqual(expect.stringMatching(expected));
      expect(code).toBe(expected.source.startsWith("^failed") ? 1 : 0);
    },
    20_000,
  );

  test("a pin that is suggested fits", async () => {
    const { lines } = await examined({ ...fitting(), PROXMOX_SSL_MODE: "strict", PROXMOX_SSL_FINGERPRINT: "" });
    expect(lines.join("\n")).toContain(`PROXMOX_SSL_MODE=verify and PROXMOX_SSL_FINGERPRINT=${whole.fingerprint}`);
  });

  test("a clock that is wrong", async () => {
    const { lines, code } = await examined(fitting(), { now: () => Date.now() - 600_000 });
    expect(lines.join("\n")).toMatch(/warning clock: this machine's clock is (599|600|601) s behind the node's → /);
    expect(code).toBe(0);
  });

  test("a certificate that ends soon", async () => {
    const { lines } = await examined(fitting(), { now: () => Date.now() + 25 * 86_400_000 });
    expect(lines.join("\n")).toMatch(/warning TLS: the certificate ends within \d days/);
  });

  test("a node that is off, and a quorum that is lost", async () => {
    await using hurt = await ward();
    Object.assign(hurt.simulator.state.nodes.pve3 ?? {}, { online: false, lostSince: 0 });
    const { lines, code } = await examined(hurt.settings("root"));
    expect(lines.join("\n")).toContain("warning nodes: 3 nodes, offline: pve3 → ");
    expect(code).toBe(0);
    hurt.simulator.state.quorumLost = true;
    const worse = await examined(hurt.settings("root"));
    expect(worse.lines.join("\n")).toContain("failed quorum: cluster demo has lost it → ");
    expect(worse.code).toBe(1);
  });

  test("a token that may nothing, and one that ends soon", async () => {
    const powerless = await examined(whole.settings("powerless"));
    expect(powerless.lines.join("\n")).toContain(
      "failed token: root@pam!powerless is taken, and has no privilege at all",
    );
    expect(powerless.code).toBe(1);
    await using soon = await ward();
    const token = soon.simulator.state.access.users["root@pam"]?.tokens.mcp;
    if (token) token.expire = Math.floor(Date.now() / 1000) + 86_400;
    expect((await examined(soon.settings("root"))).lines.join("\n")).toMatch(/warning token: root@pam!mcp ends \d{4}-/);
  });

  test("a processor that is too old", async () => {
    const cpuinfo = join(place, "cpuinfo");
    writeFileSync(cpuinfo, "processor\t: 0\nflags\t\t: fpu cx16 lahf_lm sse sse2\n");
    const { lines, code } = await examined(fitting(), { cpuinfo, arch: "x64" });
    expect(lines.join("\n")).toContain("failed processor: x86_64 without popcnt, sse4_1, sse4_2, ssse3");
    expect(code).toBe(1);
  });

  test("a folder that everybody may write to", async () => {
    const folder = join(place, "open");
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    const { lines } = await examined({ ...fitting(), PROXMOX_UPLOAD_DIR: folder });
    expect(lines.join("\n")).toContain(`warning upload folder: everybody on this machine may put files into ${folder}`);
  });

  test("of several nodes one that can't be reached is a warning", async () => {
    const env = { ...fitting(), PROXMOX_PORT: "", PROXMOX_HOST: `127.0.0.1:1,127.0.0.1:${whole.port}` };
    const { lines, code } = await examined(env);
    expect(lines.join("\n")).toContain("warning port: No connection to 127.0.0.1:1");
    expect(code).toBe(0);
  });
});

test("on a Proxmox VE host the node itself is meant, and that is said", async () => {
  const folder = join(place, "etc-pve");
  mkdirSync(join(folder, "nodes/pve1"), { recursive: true });
  symlinkSync("nodes/pve1", join(folder, "local"));
  const { PROXMOX_HOST: _, ...env } = fitting();
  const { lines } = await examined(env, { pveFolder: folder });
  expect(lines[0]).toBe(
    "warning settings: PROXMOX_HOST isn't set; this machine is node pve1, and is asked itself → Set PROXMOX_HOST=localhost: without it no tool runs.",
  );
  expect(lines.join("\n")).toContain("ok version: Proxmox VE 9.2");
});

function sshTo(host: string): Record<string, string> {
  return {
    PROXMOX_SSH_ENABLED: "true",
    PROXMOX_SSH_AGENT: join(place, "agent"),
    PROXMOX_SSH_NODE: "pve1",
    PROXMOX_SSH_HOST: host,
    PROXMOX_SSH_HOSTS: `pve1=${host},pve2=${host},pve3=${host}`,
    PROXMOX_SSH_HOST_KEY_FINGERPRINT: `SHA256:${"A".repeat(43)}`,
  };
}
