import { describe, expect, test } from "bun:test";
import { config, enough, mistakes, read } from "./read.ts";

const value = "3f1d2c4b-0000-4000-8000-00000000abcd";
const env = { ...enough, PROXMOX_TOKEN_VALUE: undefined, CREDENTIALS_DIRECTORY: "/run/credentials/x.service" };

describe("the token's value in systemd's credentials folder", () => {
  test.each(["PROXMOX_TOKEN_VALUE", "proxmox-token-value", "token"])("is read under the name %s", (name) => {
    const reading = read(env, { [`/run/credentials/x.service/${name}`]: `${value}\n` });
    expect("config" in reading && reading.config.authorization.reveal()).toBe(`PVEAPIToken=root@pam!mcp=${value}`);
  });

  test("may be the full form", () => {
    const reading = read(
      { ...env, PROXMOX_TOKEN_NAME: undefined },
      { "/run/credentials/x.service/token": `bot@pve!ai=${value}` },
    );
    expect("config" in reading && reading.config).toMatchObject({ user: "bot@pve", tokenName: "ai" });
  });

  test("that isn't there is missed, and one that contradicts another place is a mistake without its value", () => {
    const missed = read(env);
    expect("mistakes" in missed && missed.mistakes[0]).toStartWith("PROXMOX_TOKEN_VALUE is not set");
    const other = "99999999-0000-4000-8000-00000000abcd";
    const told = read({ ...env, ...enough }, { "/run/credentials/x.service/token": other });
    expect("mistakes" in told && told.mistakes.join()).toContain("holds another token value than");
    expect("mistakes" in told && told.mistakes.join()).not.toContain(other);
  });
});

describe("the state folder", () => {
  test.each([
    [{ HOME: "/home/me" }, "/home/me/.local/state/proxmox-mcp"],
    [{ HOME: "/home/me", XDG_STATE_HOME: "/state" }, "/state/proxmox-mcp"],
    [{ HOME: "/home/me", XDG_STATE_HOME: "relative" }, "/home/me/.local/state/proxmox-mcp"],
    [{ HOME: "/home/me", STATE_DIRECTORY: "/var/lib/proxmox-mcp:/var/lib/other" }, "/var/lib/proxmox-mcp"],
    [{ LOCALAPPDATA: "C:\\Users\\me\\AppData\\Local" }, "C:\\Users\\me\\AppData\\Local\\proxmox-mcp"],
    [{}, undefined],
  ])("with %j is %p", (given, folder) => {
    expect(config(given).state).toEqual(folder);
  });
});

describe("the limits", () => {
  test("are 8 at once and 1200 a minute unless told", () => {
    expect(config().limits).toEqual({ maxConcurrency: 8, rateLimit: 1200 });
    const told = { PROXMOX_MAX_CONCURRENCY: "32", PROXMOX_RATE_LIMIT: "0" };
    expect(config(told).limits).toEqual({ maxConcurrency: 32, rateLimit: 0 });
  });

  test.each([
    ["PROXMOX_MAX_CONCURRENCY", "0"],
    ["PROXMOX_MAX_CONCURRENCY", "1e3"],
    ["PROXMOX_RATE_LIMIT", "-1"],
    ["PROXMOX_RATE_LIMIT", "fast"],
  ])("are told when they can't be read: %s=%s", (name, text) => {
    expect(mistakes({ [name]: text })).toEqual([
      expect.stringContaining(`${name} holds "${text}". Allowed: a whole number`),
    ]);
  });
});
