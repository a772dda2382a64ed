// Commands for guests: what is refused, by which character and where; how a string becomes words; how output is kept.
import { describe, expect, test } from "bun:test";
import { shellWordsOf, wordsOf } from "../../src/toolkit/command.ts";
import { createOutput, decoded } from "../../src/toolkit/output.ts";
import { Refusal } from "../../src/toolkit/refusal.ts";

describe("a command", () => {
  test.each([
    ["df -h", ["df", "-h"]],
    ["  ls   /tmp ", ["ls", "/tmp"]],
    [`grep 'a b' "c d"`, ["grep", "a b", "c d"]],
    [`echo '' x`, ["echo", "", "x"]],
    [`echo it"'"s`, ["echo", "it's"]],
  ])("%j is split at its blanks, quotes keep them", (command, words) => {
    expect(wordsOf({ command }, false)).toEqual(words);
  });

  test.each([...";&|`$(){}[]<>\\"])("with %s is refused, with the place", (character) => {
    expect(() => wordsOf({ command: `ls x${character}y` }, false)).toThrow(`command holds ${character} at place 5`);
    expect(() => wordsOf({ command: "ls", args: ["a", `${character}`] }, false)).toThrow("args[1] holds");
  });

  test.each(["\n", "\r", "\0", "\u001b", "\u007f", "\u0085", "\u2028"])(
    "with the control character %j is refused",
    (character) => {
      expect(() => wordsOf({ command: `ls${character}` }, false)).toThrow(Refusal);
    },
  );

  test("of 1,000 characters is taken, a longer one isn't; the operator's leave makes it 4,000 and takes every character but NUL", () => {
    expect(wordsOf({ command: "x".repeat(1000) }, false)).toHaveLength(1);
    expect(() => wordsOf({ command: "x".repeat(1001) }, false)).toThrow("1000 are allowed");
    expect(shellWordsOf({ command: "a; b | c\nd" }, true)).toEqual(["/bin/sh", "-c", "a; b | c\nd"]);
    expect(() => wordsOf({ command: "x".repeat(4001) }, true)).toThrow("4000 are allowed");
    expect(() => wordsOf({ command: "a\0b" }, true)).toThrow("NUL");
  });

  test("with its arguments as a list is never taken apart", () => {
    expect(shellWordsOf({ command: "touch", args: ["a b", "'c"] }, false)).toEqual(["touch", "a b", "'c"]);
  });

  test.each(["", "   ", "'open"])("%j is no command", (command) =>
    expect(() => wordsOf({ command }, false)).toThrow(Refusal),
  );
});

describe("output", () => {
  test("keeps both ends of what is too long, and counts every byte", () => {
    const output = createOutput(10);
    for (const piece of ["abc", "defgh", "ijklm", "nopqrst"]) output.push(new TextEncoder().encode(piece));
    expect(output.bytes).toBe(20);
    expect(output.text()).toBe("abcde\n… 10 of 20 bytes are left out here …\npqrst");
  });

  test("is never cut through a character", () => {
    const output = createOutput(10);
    output.push(new TextEncoder().encode("ab€€€€cd€€€ef"));
    expect(output.text()).toBe("ab€\n… 17 of 27 bytes are left out here …\n€ef");
    const shifted = createOutput(10);
    shifted.push(new TextEncoder().encode("abc€€€€€efg"));
    expect(shifted.text()).toBe("abc\n… 15 of 21 bytes are left out here …\nefg");
  });

  test("that fits is whole, however it comes in pieces", () => {
    const output = createOutput(10);
    for (const byte of new TextEncoder().encode("größe\n")) output.push(Uint8Array.of(byte));
    expect(output.text()).toBe("größe\n");
    expect(output.isCut).toBe(false);
  });

  test.each([
    [[0xff, 0x61], "\\xffa"],
    [[0xc3], "\\xc3"],
    [[0xe2, 0x82], "\\xe2\\x82"],
    [[0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"],
    [[0xf0, 0x9f, 0x98, 0x80], "😀"],
    [[0xc0, 0xaf], "\\xc0\\xaf"],
  ])("of the bytes %j is shown as it is", (bytes, text) => expect(decoded(Uint8Array.from(bytes))).toBe(text));
});
