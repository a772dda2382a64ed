import { describe, expect, test } from "bun:test";
import { allSettings } from "../../src/config/settings.ts";
import { config, mistakes } from "./read.ts";

describe("a misspelt variable is a mistake that names the right one", () => {
  test.each([
    ["PROXMOX_ALOW_ELEVATED", "PROXMOX_ALLOW_ELEVATED"],
    ["PROXMOX_ALLOW_ELEVATE", "PROXMOX_ALLOW_ELEVATED"],
    ["PROXMOX_READONLY", "PROXMOX_READ_ONLY"],
    ["PROXMOX_HSOT", "PROXMOX_HOST"],
    ["PROXMOX_HOSTS", "PROXMOX_HOST"],
    ["PROXMOX_TOKEN", "PROXMOX_TOKEN_NAME"],
    ["PROXMOX_TOKENNAME", "PROXMOX_TOKEN_NAME"],
    ["PROXMOX_SSLMODE", "PROXMOX_SSL_MODE"],
    ["PROXMOX_SSH_KEY", "PROXMOX_SSH_KEY_PATH"],
    ["PROXMOX_SSH_HOSTKEY_FINGERPRINT", "PROXMOX_SSH_HOST_KEY_FINGERPRINT"],
    ["PROXMOXHOST", "PROXMOX_HOST"],
    ["PROXMOX-HOST", "PROXMOX_HOST"],
    ["proxmox_host", "PROXMOX_HOST"],
    ["PROXMOX_LOGLEVEL", "PROXMOX_LOG_LEVEL"],
  ])("%s → %s", (name, right) => {
    const [mistake = "", ...others] = mistakes({ [name]: "true" });
    expect(mistake).toContain(name);
    expect(mistake).toContain(`it is not a setting, but ${right}`);
    expect(mistake).toContain(`Example: ${right}=`);
    expect(others).toEqual([]);
  });

  test("each setting with one letter less, more, or two swapped", () => {
    const known = allSettings.map(({ name }) => name);
    for (const name of known) {
      const at = "PROXMOX_".length + 1;
      const slips = [
        name.slice(0, at) + name.slice(at + 1),
        `${name.slice(0, at)}X${name.slice(at)}`,
        name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
      ].filter((slip) => !known.includes(slip));
      for (const slip of slips) expect(mistakes({ [slip]: "1" }).join("\n")).toContain(`not a setting, but ${name} is`);
    }
  });
});

describe("no mistake is", () => {
  test.each([
    "PROXMOX_NODE",
    "PROXMOX_VE_ENDPOINT",
    "PROXMOX_BACKUP_SERVER",
    "PROXMOX_STORAGE",
    "HOST",
    "PVE_HOST",
    "PROXMOX_",
  ])("%s, which may be somebody else's", (name) => {
    expect(config({ [name]: "x" })).toEqual(config());
  });

  test("another program's name for what is set here by its right one", () => {
    expect(config({ PROXMOX_TOKEN_SECRET: "x", PROXMOX_TOKEN_ID: "x" })).toEqual(config());
  });

  test("a misspelt variable that is empty", () => {
    expect(config({ PROXMOX_HSOT: "" })).toEqual(config());
  });

  test("an environment that gives single variables and no list of them, as Deno's", () => {
    const env = new Proxy<Record<string, string>>(
      {},
      {
        ownKeys() {
          throw new Error("not allowed");
        },
      },
    );
    expect(() => mistakes(Object.create(env))).not.toThrow();
  });
});
