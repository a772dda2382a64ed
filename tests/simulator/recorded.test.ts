import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Selected, selection } from "./exchanges.ts";
import { ask, type Exchange, readAnswer, recordedCluster } from "./replay.ts";

const folder = resolve(import.meta.dir, "../../../shared/pve-recorded");
const kept = resolve(import.meta.dir, "exchanges.gen.jsonl");

function read<T>(file: string): T[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const recordings = (name: string): Exchange[] => (existsSync(folder) ? read<Exchange>(`${folder}/${name}.jsonl`) : []);
if (!existsSync(folder)) process.stderr.write(`no recordings at ${folder}: only the kept selection is replayed\n`);

const names = (errors: Record<string, string>) => Object.keys(errors).sort().join(" ");

/** Status and the names in `errors`; where the handler isn't modelled, that the door let it through as PVE did. */
async function sameRefusal(exchanges: readonly Exchange[]): Promise<{ same: number; different: string[] }> {
  const { simulator, tokens } = recordedCluster();
  const different: string[] = [];
  for (const exchange of exchanges) {
    const got = await ask(simulator, exchange, tokens[exchange.auth ?? ""]);
    const wanted = readAnswer(exchange.status, exchange.body);
    const passed = wanted.status === 200 || (wanted.status === 500 && !wanted.message.startsWith("hostname"));
    const fits = got.modelled ? got.status === wanted.status && names(got.errors) === names(wanted.errors) : passed;
    if (!fits)
      different.push(`${exchange.method} ${exchange.path}: ${wanted.status}, got ${got.status} ${got.message}`);
  }
  return { same: exchanges.length - different.length, different };
}

/** A 403 or none, and its text. */
async function samePermission(exchanges: readonly Exchange[]): Promise<{ same: number; different: string[] }> {
  const { simulator, tokens } = recordedCluster();
  const different: string[] = [];
  for (const exchange of exchanges) {
    const got = await ask(simulator, exchange, tokens[exchange.auth ?? ""]);
    const wanted = readAnswer(exchange.status, exchange.body);
    const sameText = wanted.message === "" || got.message.trim() === wanted.message.trim();
    const fits = (got.status === 403) === (wanted.status === 403) && (wanted.status !== 403 || sameText);
    if (!fits)
      different.push(`${exchange.auth} ${exchange.method} ${exchange.path}: ${wanted.message}, got ${got.message}`);
  }
  return { same: exchanges.length - different.length, different };
}

const percent = (same: number, all: number) => (all === 0 ? 100 : (same / all) * 100);

describe("genuine exchanges", () => {
  test("that the project keeps are refused alike: status, names and texts", async () => {
    const { simulator, tokens } = recordedCluster();
    const different: string[] = [];
    for (const { auth, status, message, errors, ...request } of read<Selected>(kept)) {
      const got = await ask(simulator, { ...request, auth, status, body: null }, tokens[auth]);
      const same = got.status === status && got.message.trim() === message && Bun.deepEquals(got.errors, errors);
      if (!same) different.push(`${auth} ${request.method} ${request.path}: ${JSON.stringify(got)}`);
    }
    expect(different).toEqual([]);
  });

  test("that the project keeps are those of the recordings", () => {
    const rows = [...recordings("fuzz"), ...recordings("permissions")];
    if (rows.length === 0) return;
    const lines = selection(rows).map((row) => `${JSON.stringify(row)}\n`);
    expect(lines.join("")).toBe(readFileSync(kept, "utf8"));
  });

  test("with faults in their parameters agree in status and names of errors (97 % at least)", async () => {
    const rows = recordings("fuzz");
    const { same, different } = await sameRefusal(rows);
    process.stderr.write(`fuzz: ${same} of ${rows.length} agree (${percent(same, rows.length).toFixed(2)} %)\n`);
    expect(percent(same, rows.length), different.join("\n")).toBeGreaterThanOrEqual(97);
  });

  test("of three kinds of token agree in what is forbidden and in its text (97 % at least)", async () => {
    const rows = recordings("permissions");
    const { same, different } = await samePermission(rows);
    process.stderr.write(`permissions: ${same} of ${rows.length} agree (${percent(same, rows.length).toFixed(2)} %)\n`);
    expect(percent(same, rows.length), different.join("\n")).toBeGreaterThanOrEqual(97);
  });
});
