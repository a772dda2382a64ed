// Owns how the steps and tests of a run are counted.

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * What a step adds to the count: one for itself, and one for each test in the JUnit report of `bun test`.
 * A skipped test hasn't passed, and neither has a run without a report: both make the step itself fail.
 */
export function count(report: string | undefined, ended: boolean): Tally {
  if (report === undefined) return ended ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const head = /<testsuites\b[^>]*>/.exec(report)?.[0] ?? "";
  const number = (name: string): number => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const tests = number("tests");
  const skipped = number("skipped");
  const failures = number("failures") + number("errors");
  const whole = ended && tests > 0 && skipped === 0 && failures === 0;
  return { passed: tests - skipped - failures + (whole ? 1 : 0), failed: failures + (whole ? 0 : 1) };
}
