import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyring, Kept, senderOf } from "../../../src/server/http/callers.ts";
import {
  changedAt,
  isTokenName,
  makeToken,
  readTokens,
  revokeToken,
  tokenOf,
} from "../../../src/server/http/tokens.ts";
import { scrub } from "../../../src/server/scrub.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "tokens-"));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const plain = { ownPveToken: false, settings: {} };
const make = (name: string, more = {}) => makeToken(state, { name, ...plain, ...more }, Date.now());
const files = () => readdirSync(`${state}/http-tokens`);

describe("a bearer token", () => {
  test("is kept as a hash alone, in a folder and a file that nobody else may read", async () => {
    const value = await make("alice");
    expect(value).toMatch(/^pmcp_[\w-]{43}$/);
    expect(readFileSync(`${state}/http-tokens/alice.json`, "utf8")).not.toContain(value.slice(5));
    expect(statSync(`${state}/http-tokens`).mode & 0o777).toBe(0o700);
    expect(statSync(`${state}/http-tokens/alice.json`).mode & 0o777).toBe(0o600);
  });

  test("is found by its value and by nothing near it", async () => {
    const value = await make("alice");
    await make("bob");
    const { tokens } = await readTokens(state);
    expect(tokenOf(value, tokens)?.name).toBe("alice");
    for (const near of [`${value}x`, value.slice(0, -1), value.toUpperCase(), "", tokens[0]?.sha256 ?? "x"]) {
      expect(tokenOf(near, tokens)).toBeUndefined();
    }
  });

  test("never comes in the place of another, however many are made at once", async () => {
    const made = await Promise.allSettled(Array.from({ length: 20 }, () => make("same")));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(files()).toEqual(["same.json"]);
    await Promise.all(Array.from({ length: 20 }, (_, index) => make(`many-${index}`)));
    expect((await readTokens(state)).tokens).toHaveLength(21);
  });

  test("that is revoked is gone", async () => {
    await make("alice");
    await revokeToken(state, "alice");
    expect(files()).toEqual([]);
    expect(revokeToken(state, "alice")).rejects.toThrow("there is no token alice");
  });

  test("in a file that was spoiled counts for nothing, and the others go on", async () => {
    await make("alice");
    await make("bob");
    const good = readFileSync(`${state}/http-tokens/bob.json`, "utf8");
    for (const text of ["", "{", "[]", good, good.replace("bob", "carol").replace(/"sha256": "./, '"sha256": "x')]) {
      writeFileSync(`${state}/http-tokens/carol.json`, text);
      const { tokens, problems } = await readTokens(state);
      expect([tokens.map(({ name }) => name), problems.length]).toEqual([["alice", "bob"], 1]);
    }
  });

  test("is taken out of every line of the log", async () => {
    const value = await make("alice");
    expect(scrub(`got ${value} from somewhere`)).not.toContain(value.slice(5, 20));
  });
});

test.each(["", ".", "..", "../x", "a/b", "A", "a b", "-a", "a".repeat(65), "a\u0000"])(
  "%j is no name of a token",
  (name) => {
    expect(isTokenName(name)).toBe(false);
  },
);

describe("the keyring", () => {
  test("knows a token as soon as it is made and forgets it as soon as it is revoked", async () => {
    const ring = createKeyring(state, changedAt);
    await ring.reload();
    await make("alice");
    await ring.refresh();
    expect(ring.tokens.map(({ name }) => name)).toEqual(["alice"]);
    await revokeToken(state, "alice");
    await ring.refresh();
    expect(ring.tokens).toEqual([]);
  });

  test("that can't read its folder lets nobody in, and says so", async () => {
    await make("alice");
    writeFileSync(`${state}/file`, "");
    const ring = createKeyring(`${state}/file`, changedAt);
    expect(await ring.reload()).toEqual([expect.stringContaining("can't be read")]);
    expect(ring.tokens).toEqual([]);
    chmodSync(state, 0o700);
  });
});

describe("the sender of a request", () => {
  const read = (text: string) => (text.includes("!") ? `PVEAPIToken=${text}` : undefined);

  test("is the token's, until the moment at which it ends", async () => {
    const value = await make("alice", { expires: "2030-01-01T00:00:00.000Z" });
    const { tokens } = await readTokens(state);
    const at = (now: string) =>
      senderOf({ authorization: `Bearer ${value}`, pveToken: undefined }, tokens, Date.parse(now), read);
    expect(at("2029-12-31T23:59:59Z")).toMatchObject({ token: { name: "alice" } });
    expect(at("2030-01-01T00:00:00Z")).toMatchObject({ status: 401 });
  });

  test("needs the one scheme that there is", async () => {
    const value = await make("alice");
    const { tokens } = await readTokens(state);
    const by = (authorization: string | undefined) => senderOf({ authorization, pveToken: undefined }, tokens, 0, read);
    expect(by(`bearer  ${value}`)).toHaveProperty("token");
    for (const wrong of [
      undefined,
      "",
      value,
      `Basic ${value}`,
      `Bearer ${value} ${value}`,
      `Bearer ${"x".repeat(600)}`,
    ]) {
      expect(by(wrong)).toMatchObject({ status: 401 });
    }
  });
});

test("what is kept for senders is bounded in number and time, the longest unused goes first", () => {
  const kept = new Kept<string>(2, 1000);
  const get = (key: string, now: number) => kept.get(key, now, () => `${key}@${now}`);
  get("a", 0);
  get("b", 1);
  expect(get("a", 2)).toBe("a@0");
  get("c", 3);
  expect(kept.values()).toEqual(["a@0", "c@3"]);
  expect(get("b", 2000)).toBe("b@2000");
  expect(kept.values()).toEqual(["b@2000"]);
});
