// Compares what GETs give at one moment: the JSON type of every field.
import type { Simulator } from "../../src/simulator/simulator.ts";
import { type Exchange, readAnswer, requestOf } from "./exchange.ts";
import type { Judged } from "./judge.ts";

/** The path names no object: nothing of it but a node is a name that someone chose. */
export function namesNoObject(template: string | null): boolean {
  return template !== null && !/\{(?!node\})/.test(template);
}

/** Field → the types that it has, over all rows: `[].cpu` → number. */
type Types = Map<string, Set<string>>;

function typesOf(value: unknown, path: string, found: Types): void {
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  found.set(path, (found.get(path) ?? new Set()).add(kind));
  if (Array.isArray(value)) for (const item of value) typesOf(item, `${path}[]`, found);
  else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) typesOf(item, `${path}.${name}`, found);
  }
}

function difference(recorded: unknown, got: unknown): string {
  const [theirs, ours]: [Types, Types] = [new Map(), new Map()];
  typesOf(recorded, "", theirs);
  typesOf(got, "", ours);
  const wrong = [...theirs].filter(([path, types]) => {
    const own = ours.get(path);
    return own !== undefined && ![...own].every((type) => types.has(type));
  });
  const absent = [...theirs.keys()].filter((path) => !ours.has(path));
  const more = [...ours.keys()].filter((path) => !theirs.has(path));
  const parts = [
    ...wrong.map(([path, types]) => `${path} is ${[...types].join("|")}, got ${[...(ours.get(path) ?? [])].join("|")}`),
    ...(absent.length > 0 ? [`absent: ${absent.slice(0, 6).join(" ")}${absent.length > 6 ? " …" : ""}`] : []),
    ...(more.length > 0 ? [`unknown to PVE: ${more.slice(0, 6).join(" ")}${more.length > 6 ? " …" : ""}`] : []),
  ];
  return parts.join("; ");
}

export async function judgeSnapshot(
  simulator: Pick<Simulator, "fetch">,
  tokens: Readonly<Record<string, string>>,
  exchanges: readonly Exchange[],
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const exchange of exchanges) {
    const response = await simulator.fetch(requestOf(exchange, tokens[exchange.auth ?? ""]));
    const text = await response.text();
    const body: unknown = text.startsWith("{") ? JSON.parse(text) : text;
    const [wanted, answer] = [readAnswer(exchange.status, exchange.body), readAnswer(response.status, body)];
    const why =
      wanted.status === answer.status
        ? difference(exchange.body, body)
        : `${wanted.status}, got ${answer.status} ${answer.message.trim()}`;
    judged.push({ exchange, same: why === "", why });
  }
  return judged;
}
