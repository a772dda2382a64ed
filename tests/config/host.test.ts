import { describe, expect, test } from "bun:test";
import { config, mistakes } from "./read.ts";

describe("PROXMOX_HOST is taken", () => {
  test.each([
    ["pve", "https://pve:8006"],
    ["PVE.Example.COM", "https://pve.example.com:8006"],
    ["https://pve:8006/", "https://pve:8006"],
    ["https://pve", "https://pve:8006"],
    ["HTTPS://pve//", "https://pve:8006"],
    ["pve.example.com:443", "https://pve.example.com:443"],
    ["https://pve.example.com:443/", "https://pve.example.com:443"],
    ["pve.example.com.", "https://pve.example.com:8006"],
    ["pve.example.com.:8443", "https://pve.example.com:8443"],
    ["192.0.2.7", "https://192.0.2.7:8006"],
    ["192.0.2.7:8007", "https://192.0.2.7:8007"],
    ["[2001:db8::1]:8006", "https://[2001:db8::1]:8006"],
    ["[2001:db8::1]", "https://[2001:db8::1]:8006"],
    ["2001:db8::1", "https://[2001:db8::1]:8006"],
    ["2001:DB8:0:0:0:0:0:1", "https://[2001:db8::1]:8006"],
    ["https://[2001:db8::1]:443/", "https://[2001:db8::1]:443"],
    ["::1", "https://[::1]:8006"],
    ["::ffff:192.0.2.7", "https://[::ffff:c000:207]:8006"],
    ["pve_1.lan", "https://pve_1.lan:8006"],
    ["bücher.example", "https://xn--bcher-kva.example:8006"],
    [' "pve" ', "https://pve:8006"],
  ])("as %p: %s", (written, base) => {
    expect(config({ PROXMOX_HOST: written }).base).toBe(base);
  });

  test("and an IPv6 address is kept without brackets for sockets", () => {
    expect(config({ PROXMOX_HOST: "[2001:db8::1]:443" })).toMatchObject({ host: "2001:db8::1", port: 443 });
  });
});

describe("PROXMOX_HOST takes several nodes of one cluster", () => {
  const pin = (digit: string) => Array(32).fill(digit.repeat(2)).join(":");
  const doors = (env: Record<string, string>) =>
    config(env).doors.map(({ base, fingerprint }) => [base.replace("https://", ""), fingerprint?.slice(0, 2)]);

  test("with commas between, each with its own port or that of PROXMOX_PORT", () => {
    const read = config({ PROXMOX_HOST: "pve1, https://pve2:443 ,[2001:db8::1]" });
    expect(read.doors.map(({ base }) => base)).toEqual([
      "https://pve1:8006",
      "https://pve2:443",
      "https://[2001:db8::1]:8006",
    ]);
    expect(read.base).toBe("https://pve1:8006");
  });

  test("each with its own pin: by its name, or in the same order", () => {
    const [a, b] = [pin("A"), pin("B")];
    expect(doors({ PROXMOX_HOST: "p1,p2", PROXMOX_SSL_FINGERPRINT: `${a},${b}` })).toEqual([
      ["p1:8006", "AA"],
      ["p2:8006", "BB"],
    ]);
    expect(doors({ PROXMOX_HOST: "p1,p2", PROXMOX_SSL_FINGERPRINT: `P2:8006=${b}` })).toEqual([
      ["p1:8006", undefined],
      ["p2:8006", "BB"],
    ]);
    expect(doors({ PROXMOX_HOST: "p1,p2", PROXMOX_SSL_FINGERPRINT: `p2=${b}, p1=${a}` })).toEqual([
      ["p1:8006", "AA"],
      ["p2:8006", "BB"],
    ]);
    expect(doors({ PROXMOX_HOST: "p1,p2", PROXMOX_SSL_FINGERPRINT: a })).toEqual([
      ["p1:8006", "AA"],
      ["p2:8006", "AA"],
    ]);
  });

  test.each([
    [`${pin("A")},${pin("B")}`, "there are 2 fingerprints and 3 hosts"],
    [`pve9=${pin("A")}`, "has no host pve9"],
    [`pve1=${pin("A")},${pin("B")}`, "write host=fingerprint for each"],
  ])("and pins that don't fit the hosts are a mistake", (pins, cure) => {
    const [mistake, ...others] = mistakes({ PROXMOX_HOST: "pve1,pve2,pve3", PROXMOX_SSL_FINGERPRINT: pins });
    expect([mistake, others.length]).toEqual([expect.stringContaining(cure), 0]);
  });
});

describe("PROXMOX_HOST is a mistake", () => {
  test.each([
    ["http://pve", "speaks TLS only"],
    ["http://pve:8006/", "speaks TLS only"],
    ["ftp://pve", "leave the scheme out"],
    ["https://pve/api2/json", "leave out the path"],
    ["pve/x", "leave out the path"],
    ["pve?x=1", "leave out the path"],
    ["https://root:hunter22@pve", "before the @"],
    ["root@pve", "before the @"],
    ["pve one", "a blank"],
    ["pve pve2", "a blank"],
    ["pve,http://pve2", "speaks TLS only"],
    ["pve,pve2,PVE", "names pve twice"],
    [",", "no host"],
    ["pve:", "port"],
    ["pve:0", "port"],
    ["pve:65536", "port"],
    ["pve:80o6", "port"],
    ["[2001:db8::1]:x", "port"],
    ["https://", "no host"],
    ["...", "no host"],
    ["[2001:db8::1", "IPv6"],
    ["2001:db8::g", "IPv6"],
    ["1:2:3:4:5:6:7:8:8006", "IPv6"],
    ["fe80::1%eth0", "zone"],
    ["[]", "IPv6"],
    ["256.1.1.1", "IPv4"],
    ["1.2.3", "IPv4"],
    ["pve..lan", "host name"],
    ["-pve", "host name"],
    ["pve!", "host name"],
    [`${"a".repeat(64)}.lan`, "host name"],
  ])("as %p, with the cure", (written, cure) => {
    const [mistake = "", ...others] = mistakes({ PROXMOX_HOST: written });
    expect(mistake).toStartWith("PROXMOX_HOST holds ");
    expect(mistake).toContain(cure);
    expect(mistake).toContain("Example: PROXMOX_HOST=pve.example.com");
    expect(others).toEqual([]);
  });

  test("and what stands before an @ is not repeated", () => {
    expect(mistakes({ PROXMOX_HOST: "https://root:hunter22@pve" }).join()).not.toContain("hunter22");
  });
});

describe("the port", () => {
  test("stands in PROXMOX_PORT, in PROXMOX_HOST, or the same in both", () => {
    expect(config({ PROXMOX_PORT: "443" }).port).toBe(443);
    expect(config({ PROXMOX_HOST: "pve:443" }).port).toBe(443);
    expect(config({ PROXMOX_HOST: "https://pve", PROXMOX_PORT: "443" }).port).toBe(443);
    expect(config({ PROXMOX_HOST: "pve:443", PROXMOX_PORT: "443" }).port).toBe(443);
  });

  test("is a mistake when the two differ, even where one is the default", () => {
    expect(mistakes({ PROXMOX_HOST: "pve:443", PROXMOX_PORT: "8006" })).toEqual([
      'PROXMOX_PORT holds "8006"; PROXMOX_HOST has port 443: keep one of the two. Allowed: a whole number from 1 to 65535. Example: PROXMOX_PORT=8006',
    ]);
  });
});
