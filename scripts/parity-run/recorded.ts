// Owns which endpoints a genuine PVE was recorded to answer: where the recordings stand beside the project.
import { existsSync, readFileSync } from "node:fs";
import type { Line } from "./table.ts";

const folder = "../shared/pve-recorded";
const files = ["history", "snapshot", "single-node"];

/** `GET /nodes/{node}` of everything that was answered with 200; undefined where there are no recordings. */
export function recordedEndpoints(): ReadonlySet<string> | undefined {
  if (!existsSync(folder)) return undefined;
  const lines = files.flatMap((name) => readFileSync(`${folder}/${name}.jsonl`, "utf8").trim().split("\n"));
  const found = lines.flatMap((line) => {
    const { method, template, status }: Record<string, unknown> = JSON.parse(line);
    return status === 200 && template ? [`${method} ${template}`] : [];
  });
  return new Set(found);
}

/** Operations of which a genuine answer was recorded, at every endpoint of theirs. */
export function recordedText(lines: readonly Line[]): string | undefined {
  const recorded = recordedEndpoints();
  if (!recorded) return undefined;
  const known = lines.filter(({ endpoints }) => endpoints.length > 0 && endpoints.every((key) => recorded.has(key)));
  return `a genuine answer is recorded of ${known.length} of ${lines.length}, the others rest on PVE's own description`;
}
