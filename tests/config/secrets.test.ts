import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { Secret } from "../../src/config/secret.ts";
import { allSettings } from "../../src/config/settings.ts";
import { config, enough, mistakes } from "./read.ts";

const marker = "S3cr3tMarkerOfTheTest";
const uuid = "deadbeef-dead-4eef-8ead-deadbeefdead";

/** The ways in which somebody may write a secret into a setting. */
const spellings = (secret: string): readonly string[] => [
  secret,
  ` ${secret}`,
  `"${secret}"`,
  `${secret} x`,
  `root@pam!mcp=${secret}`,
  `root!mcp=${secret}`,
  `root@pam!m=${secret}`,
  `PVEAPIToken=root@pam!mcp=${secret}`,
  `root@pam=${secret}`,
  `https://root:${secret}@pve`,
  `${secret}\n${secret}`,
];

describe("no mistake shows a secret", () => {
  test("however PROXMOX_TOKEN_VALUE is written, with every other setting wrong beside it", () => {
    const wrong = Object.fromEntries(allSettings.map(({ name }) => [name, "?? ??"]));
    for (const secret of [marker, uuid]) {
      for (const text of spellings(secret)) {
        const told = mistakes({ ...wrong, PROXMOX_TOKEN_VALUE: text }).join("\n");
        expect(told.toLowerCase()).not.toContain(secret.toLowerCase());
      }
    }
  });

  test("in whichever variable its value was put as well", () => {
    for (const { name } of allSettings) {
      for (const text of spellings(marker)) {
        const told = mistakes({ [name]: text, PROXMOX_TOKEN_VALUE: `"${marker}"` }).join("\n");
        expect(told).not.toContain(marker);
      }
    }
  });

  test("when a whole token or a UUID stands where it doesn't belong, and nowhere else", () => {
    for (const { name } of allSettings) {
      for (const text of spellings(uuid)) expect(mistakes({ [name]: text }).join("\n")).not.toContain(uuid);
    }
    for (const name of ["PROXMOX_USER", "PROXMOX_TOKEN_NAME"]) {
      for (const text of spellings(marker).filter((each) => /[=]/.test(each))) {
        expect(mistakes({ [name]: text }).join("\n")).not.toContain(marker);
      }
    }
  });

  test("from the token's file", () => {
    const env = { PROXMOX_TOKEN_VALUE: undefined, PROXMOX_TOKEN_VALUE_FILE: "/token", PROXMOX_SSL_MODE: marker };
    for (const text of spellings(marker)) expect(mistakes(env, { "/token": text }).join("\n")).not.toContain(marker);
  });

  test("in a variable that is nearly a setting", () => {
    for (const name of [
      "PROXMOX_TOKEN",
      "PROXMOX_TOKENVALUE",
      "PROXMOX_TOKEN_VALU",
      "PROXMOX_TOKEN_VALUE_",
      "PROXMOX_TOKEN_SECRET",
    ]) {
      const told = mistakes({ [name]: marker, PROXMOX_TOKEN_VALUE: undefined });
      expect(told.join("\n")).toContain(name);
      expect(told.join("\n")).not.toContain(marker);
    }
  });
});

describe("a Config can be logged", () => {
  const made = config({ PROXMOX_TOKEN_VALUE: marker });

  test.each([
    ["as JSON", () => JSON.stringify(made)],
    ["by inspect", () => inspect(made, { depth: 9, showHidden: true })],
    ["by Bun's own inspect", () => Bun.inspect(made)],
    ["in a template", () => `${made.authorization}`],
    ["joined to text", () => String(made.authorization) + Object.values({ ...made.authorization }).join()],
    ["cloned", () => JSON.stringify(structuredClone({ ...made.authorization }))],
  ])("%s", (_, print) => {
    expect(print()).not.toContain(marker);
  });

  test("and the header is there for who asks", () => {
    expect(made.authorization.reveal()).toBe(`PVEAPIToken=root@pam!${enough.PROXMOX_TOKEN_NAME}=${marker}`);
    expect(new Secret("x").reveal()).toBe("x");
  });
});
