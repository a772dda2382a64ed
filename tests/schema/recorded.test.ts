// Holds the argument check against what a real PVE answered.
import { expect, test } from "bun:test";
import { checkArguments } from "../../src/schema/check.ts";
import { sentence } from "../../src/schema/problem.ts";
import { endpoint } from "../../src/schema/registry.ts";
import { NOT_CAUGHT } from "./not-caught.ts";
import { type Exchange, isRecordedPresent, readRecorded, readSelection } from "./recorded.ts";

function problemsOf({ key, given }: Exchange) {
  return checkArguments(endpoint(key), given).problems;
}

function refused(exchanges: readonly Exchange[]): string[] {
  return exchanges
    .filter(({ status }) => status === 200)
    .flatMap((exchange) => problemsOf(exchange).map((problem) => `${exchange.key}: ${sentence(problem)}`));
}

/** The 400s that were let through, with what PVE said, and how many there were. */
function letThrough(exchanges: readonly Exchange[]) {
  const bad = exchanges.filter(({ status }) => status === 400);
  const missed = bad.filter((exchange) => problemsOf(exchange).length === 0);
  return {
    share: missed.length / bad.length,
    texts: missed.flatMap(({ key, errors }) => Object.values(errors).map((text) => [key, text] as const)),
  };
}

function unexplained(texts: readonly (readonly [string, string])[]): string[] {
  return texts
    .filter(([, text]) => !NOT_CAUGHT.some(([known]) => known.test(text)))
    .map(([key, text]) => `${key}: ${text}`);
}

test("no request that PVE answered with 200 is refused", async () => {
  expect(refused(await readSelection())).toEqual([]);
});

test("a 400 that is let through has its reason in the list, and 95 of 100 are caught", async () => {
  const { share, texts } = letThrough(await readSelection());
  expect(unexplained(texts)).toEqual([]);
  expect(share).toBeLessThan(0.05);
});

test(`the whole recordings say the same${isRecordedPresent ? "" : " (absent here: nothing to compare)"}`, async () => {
  const exchanges = isRecordedPresent ? await readRecorded() : [];
  expect(refused(exchanges)).toEqual([]);
  const { share, texts } = exchanges.length > 0 ? letThrough(exchanges) : { share: 0, texts: [] };
  expect(unexplained(texts)).toEqual([]);
  expect(share).toBeLessThan(0.05);
});
