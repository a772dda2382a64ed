import { describe, expect, test } from "bun:test";
import { scrub } from "../../src/server/scrub.ts";

const uuid = "3f1d2c4b-0000-4000-8000-00000000abcd";
const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nplantedKEYplanted\n-----END OPENSSH PRIVATE KEY-----";

/** `planted` is what must not be left. */
const lines: readonly [string, string][] = [
  [`sent PVEAPIToken=root@pam!mcp=${uuid}`, uuid],
  ["sent PVEAPIToken root@pam!mcp=planted-word", "planted-word"],
  ["the token bot@pve!ai=planted-word, and more", "planted-word"],
  [`a bare ${uuid}.`, uuid],
  ["ticket PVE:root@pam:6B0594B9::pLaNtEd+/0123456789==", "pLaNtEd"],
  ["console PVEVNC:6B0594B9::pLaNtEd+/0123456789==", "pLaNtEd"],
  ["CSRFPreventionToken: 6B0594B9:pLaNtEdpLaNtEdpLaNtEdpLaNtEd01234", "pLaNtEd"],
  ["Cookie: PVEAuthCookie=pLaNtEd", "pLaNtEd"],
  ["Authorization: Bearer planted.word-0123", "planted"],
  ['{"cipassword":"planted-word"}', "planted-word"],
  ['{"password":"x \\" planted word"}', "planted"],
  [JSON.stringify({ body: JSON.stringify({ password: "planted-word" }) }), "planted-word"],
  ["ciuser=a&cipassword=planted%20word&cores=2", "planted"],
  ["PROXMOX_TOKEN_VALUE=planted-word", "planted-word"],
  ["secret: planted-word", "planted-word"],
  ["api_key = planted-word", "planted-word"],
  ["https://user:planted-word@host/", "planted-word"],
  [key, "plantedKEY"],
  [JSON.stringify({ problem: key }), "plantedKEY"],
  [`${JSON.stringify({ problem: key.slice(0, 50) })}\n`, "plantedKEY"],
];

describe("the scrubber", () => {
  test.each(lines)("takes the secret out of %s", (line, planted) => {
    expect(line).toContain(planted.slice(0, 7));
    expect(scrub(line)).not.toContain(planted);
    expect(scrub(line)).toContain("**********");
  });

  test("takes out what it is told, whatever stands around it", () => {
    expect(scrub("xxhunter22xx", ["hunter22"])).toBe("xx**********xx");
  });

  test("leaves a JSON line a JSON line", () => {
    for (const [line] of lines) {
      const whole = JSON.stringify({ problem: line, more: 1 });
      expect(() => JSON.parse(scrub(whole))).not.toThrow();
    }
  });

  test.each([
    '{"level":30,"tool":"proxmox_user","action":"token_create","guest":100,"node":"pve1","outcome":"ok","requests":3,"ms":12}',
    '{"task":"UPID:pve1:000ABCDE:0003C6F4:6B0594B9:qmstart:100:root@pam!mcp:"}',
    '{"request":"POST /access/users/{userid}/token/{tokenid}","status":200}',
  ])("leaves an innocent line alone: %s", (line) => expect(scrub(line)).toBe(line));
});
