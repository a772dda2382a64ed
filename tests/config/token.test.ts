import { describe, expect, test } from "bun:test";
import { config, enough, mistakes, read } from "./read.ts";

const value = "3f1d2c4b-0000-4000-8000-00000000abcd";
const other = "99999999-0000-4000-8000-00000000abcd";
const none = { PROXMOX_TOKEN_NAME: undefined, PROXMOX_TOKEN_VALUE: undefined };
const header = (env: Record<string, string | undefined>, files: Record<string, string> = {}) =>
  config({ ...none, ...env }, files).authorization.reveal();

describe("the token is put together", () => {
  const files = { "/value": `${value}\n`, "/whole": `ops@pve!mcp=${value}\n` };

  test.each([
    [{ PROXMOX_TOKEN_NAME: "mcp", PROXMOX_TOKEN_VALUE: value }, "root@pam!mcp"],
    [{ PROXMOX_USER: "ops@pve", PROXMOX_TOKEN_NAME: "mcp", PROXMOX_TOKEN_VALUE: value }, "ops@pve!mcp"],
    [{ PROXMOX_USER: ' "ops@pve" ', PROXMOX_TOKEN_NAME: "'mcp'", PROXMOX_TOKEN_VALUE: value }, "ops@pve!mcp"],
    [{ PROXMOX_TOKEN_NAME: "ops@pve!mcp", PROXMOX_TOKEN_VALUE: value }, "ops@pve!mcp"],
    [{ PROXMOX_USER: "ops@pve!mcp", PROXMOX_TOKEN_VALUE: value }, "ops@pve!mcp"],
    [{ PROXMOX_TOKEN_VALUE: `ops@pve!mcp=${value}` }, "ops@pve!mcp"],
    [{ PROXMOX_TOKEN_VALUE: `PVEAPIToken=ops@pve!mcp=${value}` }, "ops@pve!mcp"],
    [{ PROXMOX_TOKEN_NAME: `ops@pve!mcp=${value}` }, "ops@pve!mcp"],
    [{ PROXMOX_USER: `ops@pve!mcp=${value}` }, "ops@pve!mcp"],
    [
      { PROXMOX_USER: "ops@pve", PROXMOX_TOKEN_NAME: "ops@pve!mcp", PROXMOX_TOKEN_VALUE: `ops@pve!mcp=${value}` },
      "ops@pve!mcp",
    ],
    [{ PROXMOX_USER: "ops@pve", PROXMOX_TOKEN_NAME: "mcp", PROXMOX_TOKEN_VALUE_FILE: "/value" }, "ops@pve!mcp"],
    [{ PROXMOX_TOKEN_VALUE_FILE: "/whole" }, "ops@pve!mcp"],
    [{ PROXMOX_TOKEN_NAME: "mcp", PROXMOX_TOKEN_VALUE: value, PROXMOX_TOKEN_VALUE_FILE: "/value" }, "root@pam!mcp"],
    [
      { PROXMOX_USER: "a@b@ldap.example", PROXMOX_TOKEN_NAME: "mcp", PROXMOX_TOKEN_VALUE: value },
      "a@b@ldap.example!mcp",
    ],
  ])("from %p", (env, token) => {
    expect(header(env, files)).toBe(`PVEAPIToken=${token}=${value}`);
  });

  test("and user and token name are there to speak of", () => {
    expect(config({ ...none, PROXMOX_TOKEN_VALUE: `ops@pve!mcp=${value}` })).toMatchObject({
      user: "ops@pve",
      tokenName: "mcp",
    });
  });

  test("from the seed's own example", () => {
    expect(header({ PROXMOX_TOKEN_NAME: "mytoken", PROXMOX_TOKEN_VALUE: "abc123-def456-ghi789" })).toBe(
      "PVEAPIToken=root@pam!mytoken=abc123-def456-ghi789",
    );
  });
});

describe("a contradiction is a mistake", () => {
  const files = { "/other": other };

  test.each([
    [
      { PROXMOX_USER: "root@pam", PROXMOX_TOKEN_NAME: "ops@pve!mcp" },
      "PROXMOX_TOKEN_NAME",
      "another user than PROXMOX_USER",
    ],
    [
      { PROXMOX_USER: "root@pam!a1", PROXMOX_TOKEN_NAME: "b1" },
      "PROXMOX_TOKEN_NAME",
      "another token than PROXMOX_USER",
    ],
    [{ PROXMOX_USER: "root@pam", PROXMOX_TOKEN_VALUE: `ops@pve!mcp=${value}` }, "PROXMOX_TOKEN_VALUE", "another user"],
    [
      { PROXMOX_TOKEN_VALUE: `root@pam!other=${value}` },
      "PROXMOX_TOKEN_VALUE",
      "another token than PROXMOX_TOKEN_NAME",
    ],
    [{ PROXMOX_TOKEN_NAME: `root@pam!mcp=${other}` }, "PROXMOX_TOKEN_VALUE", "another token value"],
    [
      { PROXMOX_TOKEN_VALUE_FILE: "/other" },
      "PROXMOX_TOKEN_VALUE_FILE",
      "another token value than PROXMOX_TOKEN_VALUE",
    ],
  ])("as in %p", (env, variable, cure) => {
    const [mistake = "", ...others] = mistakes(env, files);
    expect(mistake).toStartWith(`${variable} holds `);
    expect(mistake).toContain(cure);
    expect(others).toEqual([]);
  });
});

describe("a token value is told instead of trimmed", () => {
  test.each([
    [` ${value}`, "blank"],
    [`${value}\n`, "line break"],
    [`"${value}"`, "quotes"],
    [`'${value}'`, "quotes"],
    [`"${value}`, "quotes"],
    [`${value} ${value}`, "blank"],
    ["   ", "blanks"],
    ["hunter22é", "other characters"],
    [`root@pam!mcp="${value}"`, "quotes"],
    [`mcp=${value}`, "neither"],
    [`root@pam!${value}`, "neither"],
    [`root!mcp=${value}`, "realm"],
    ["$" + "{PROXMOX_TOKEN}", "placeholder"],
    ["$PROXMOX_TOKEN", "placeholder"],
    ["<your-token>", "placeholder"],
  ])("when it is %p", (text, cure) => {
    const [mistake = "", ...others] = mistakes({ PROXMOX_TOKEN_VALUE: text });
    expect(mistake).toStartWith("PROXMOX_TOKEN_VALUE holds a value that is not shown here; ");
    expect(mistake).toContain(cure);
    expect(others).toEqual([]);
  });

  test.each([
    ["", "empty"],
    [`"${value}"\n`, "quotes"],
    [`${value}\n${value}\n`, "line break"],
  ])("when its file holds %p", (text, cure) => {
    const env = { PROXMOX_TOKEN_VALUE: undefined, PROXMOX_TOKEN_VALUE_FILE: "/token" };
    const [mistake = "", ...others] = mistakes(env, { "/token": text });
    expect(mistake).toStartWith('PROXMOX_TOKEN_VALUE_FILE holds "/token"; in the file: ');
    expect(mistake).toContain(cure);
    expect(others).toEqual([]);
  });

  test("when its file isn't there, and then the value isn't missed a second time", () => {
    const told = mistakes({ PROXMOX_TOKEN_VALUE: undefined, PROXMOX_TOKEN_VALUE_FILE: "/nowhere" });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("there is no such file");
  });
});

describe("what is missing", () => {
  test("is the name and the value, each told by its own variable", () => {
    const reading = read({ PROXMOX_HOST: enough.PROXMOX_HOST, PROXMOX_USER: "ops@pve" });
    const told = "mistakes" in reading ? reading.mistakes.map((line) => line.split(".")[0]) : [];
    expect(told).toEqual(["PROXMOX_TOKEN_NAME is not set", "PROXMOX_TOKEN_VALUE is not set"]);
  });
});

test("a name and a value that changed places are told, and neither is shown", () => {
  const value = "abcdef12-3456-7890-abcd-ef1234567890";
  const told = mistakes({ PROXMOX_HOST: "pve", PROXMOX_TOKEN_NAME: value, PROXMOX_TOKEN_VALUE: "mcp-token" }).join(
    "\n",
  );
  expect(told).toContain("name and value may be swapped");
  expect(told).not.toContain(value);
});
