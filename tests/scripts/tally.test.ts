import { describe, expect, test } from "bun:test";
import { count } from "../../scripts/testing/tally.ts";

function report(tests: number, failures: number, skipped: number): string {
  return `<?xml version="1.0"?>\n<testsuites name="bun test" tests="${tests}" assertions="9" failures="${failures}" skipped="${skipped}" time="1">\n</testsuites>`;
}

describe("the count of a run", () => {
  test("takes a step without tests as one", () => {
    expect(count(undefined, true)).toEqual({ passed: 1, failed: 0 });
    expect(count(undefined, false)).toEqual({ passed: 0, failed: 1 });
  });

  test("takes a run of tests as each of them and one for the run", () => {
    expect(count(report(10, 0, 0), true)).toEqual({ passed: 11, failed: 0 });
    expect(count(report(10, 2, 0), false)).toEqual({ passed: 8, failed: 3 });
  });

  test("lets a run fail that skipped a test, ran none, broke off, or left no report", () => {
    expect(count(report(10, 0, 1), true)).toEqual({ passed: 9, failed: 1 });
    expect(count(report(0, 0, 0), true)).toEqual({ passed: 0, failed: 1 });
    expect(count(report(10, 0, 0), false)).toEqual({ passed: 10, failed: 1 });
    expect(count("", true)).toEqual({ passed: 0, failed: 1 });
  });
});
