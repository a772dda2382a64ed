import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { targets } from "../../scripts/binaries/targets.ts";

const folder = resolve(import.meta.dirname, "../../.github/workflows");
const files = readdirSync(folder);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const text = (name: string): string => readFileSync(`${folder}/${name}`, "utf8");

test.each(files)("%s is YAML, with jobs that have a machine and an end", (name) => {
  const workflow: unknown = Bun.YAML.parse(text(name));
  expect(workflow).toMatchObject({ on: expect.anything(), permissions: { contents: "read" } });
  const jobs = Object.values(isRecord(workflow) && isRecord(workflow.jobs) ? workflow.jobs : {});
  expect(jobs.length).toBeGreaterThan(0);
  for (const job of jobs) {
    expect(job).toMatchObject({ "runs-on": expect.any(String), "timeout-minutes": expect.any(Number) });
  }
});

test.each(files)("%s takes every action at a commit, not at a name that may move", (name) => {
  const actions = [...text(name).matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action ?? ""))).toEqual([]);
});

test("the release is made by the scripts that everybody has", () => {
  for (const command of [".ci/run", "scripts/build --all", "npm pack", "install.sh"]) {
    expect(text("release.yml")).toContain(command);
  }
});

test("each program is tried on its system before it is shown, but for musl on arm64", () => {
  const tried = [...text("release.yml").matchAll(/target: ([\w-]+)/g)].map(([, target]) => target);
  const all = targets.map(({ name }) => name);
  expect(all.filter((name) => !tried.includes(name))).toEqual(["linux-arm64-musl"]);
});
