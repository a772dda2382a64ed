// Owns the question which of PVE's versions had an endpoint or a parameter first.
import { parametersOf } from "./registry-parameters.ts";
import { createPropertyStrings } from "./registry-properties.ts";
import type { Method } from "./registry-source.ts";

/** "GET /nodes" and "GET /nodes/{node}/qemu full" (endpoint, endpoint + parameter) to the version that has it. */
export type History = ReadonlyMap<string, string>;

export const EMPTY_HISTORY: History = new Map();

export function historyOf(version: string, methods: readonly Method[]): History {
  const history = new Map<string, string>();
  const strings = createPropertyStrings();
  for (const method of methods) {
    const key = `${method.method} ${method.path}`;
    history.set(key, version);
    for (const name of parametersOf(method, strings).parameters.keys()) history.set(`${key} ${name}`, version);
  }
  return history;
}

/** The oldest version, of histories that are given oldest first, by name: an endpoint's own under "". */
export function firstSeen(histories: readonly History[], key: string): (parameter: string) => string | undefined {
  return (parameter) => {
    const wanted = parameter === "" ? key : `${key} ${parameter}`;
    return histories.find((history) => history.has(wanted))?.get(wanted);
  };
}
