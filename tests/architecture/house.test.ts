import { describe, expect, test } from "bun:test";
import { type Source, sources } from "./sources.ts";

const src = sources("src");
const all = [...src, ...sources("tests"), ...sources("scripts")];
const byHand = all.filter(({ path }) => !path.includes(".gen."));

/** `file:line` of every place where the code, comments aside, has the pattern. */
function places(files: readonly Source[], pattern: RegExp): string[] {
  return files.flatMap(({ path, code }) =>
    [...code.matchAll(new RegExp(pattern, "g"))].map(
      ({ index }) => `${path}:${code.slice(0, index).split("\n").length}`,
    ),
  );
}

describe("the house", () => {
  test("has no file over 300 lines that isn't generated", () => {
    const lines = ({ text }: Source): number => text.trimEnd().split("\n").length;
    expect(byHand.filter((file) => lines(file) > 300).map(({ path }) => path)).toEqual([]);
  });

  test("says in the first line of every source what the file owns", () => {
    expect(src.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("has no drawer for everything", () => {
    const drawer = /(^|\/)(utils?|helpers?|common|misc|types)(\/|\.ts$)/;
    expect(all.map(({ path }) => path).filter((path) => drawer.test(path))).toEqual([]);
  });

  test("writes to no console: stdout is the protocol's", () => {
    const code = src.filter(({ path }) => !path.endsWith("/skill-texts.gen.ts"));
    expect(places(code, /\bconsole\s*[.[]/)).toEqual([]);
  });

  test("reads the environment in config and main alone", () => {
    const others = src.filter(({ path }) => path !== "src/main.ts" && !path.startsWith("src/config/"));
    expect(places(others, /\bprocess\.env\b|\bDeno\.env\b|\{[^}]*\benv\b[^}]*\}\s*from\s*"node:process"/)).toEqual([]);
  });

  test("runs under Bun, Deno and Node: nothing of src is one runtime's own", () => {
    expect(places(src, /(?<![.\w])(Bun|Deno)\./)).toEqual([]);
  });

  test("leaves no test out and none for later", () => {
    const tests = all.filter(({ path }) => path.endsWith(".test.ts"));
    expect(places(tests, /\b(test|it|describe)\.(skip|todo|only|skipIf|todoIf|if)\b|\bx(test|it|describe)\(/)).toEqual(
      [],
    );
  });

  test("silences no checker", () => {
    const marks = new RegExp(["ts-ignore", "ts-expect-error", "ts-nocheck", "biome-ignore"].join("|"));
    expect(
      byHand.filter(({ text }) => marks.test(text) && !text.includes("silences no checker")).map(({ path }) => path),
    ).toEqual([]);
  });
});
