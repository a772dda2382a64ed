// Owns the reading of Ceph: that it isn't installed, or not set up yet, is an answer and no failure.
import { PveError } from "../pve/errors.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { Row } from "../toolkit/answer.ts";
import { type Ground, type Operation, type Options, type Present, read } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

export const rowsIn = (data: unknown): Row[] => (Array.isArray(data) ? data.filter(isRow) : []);

/** What PVE says on a node without Ceph's programs, or before `pveceph init`, and what that is in words. */
const states: readonly (readonly [RegExp, (node: string) => string, string])[] = [
  [/binary not installed/, (node) => `Ceph is not installed on ${node}`, "`pveceph install` on the node installs it."],
  [
    /configuration not initialized|not fully configured/,
    (node) => `Ceph is installed on ${node} and not set up`,
    "`pveceph init` on a node sets it up.",
  ],
];

/** A reading of Ceph on a node. */
export function cephRead(key: EndpointKey, options: Options & { present: Present }): Operation {
  return read(key, {
    ...options,
    perform: async (acting, values) => {
      try {
        return await acting.read(key, values);
      } catch (error) {
        const state = error instanceof PveError ? states.find(([said]) => said.test(error.sentence)) : undefined;
        if (!state) throw error;
        const [, words, next] = state;
        return { data: { absent: words(String(values.node)), next } };
      }
    },
    present: (data, ground) => {
      if (!isRow(data) || typeof data.absent !== "string") return options.present(data, ground);
      return { summary: data.absent, rows: [], notes: [String(data.next)] };
    },
  });
}

/** What stands in a list of Ceph's now that a task has ended: the row of the name that the call gave. */
export const rowAfter =
  (key: EndpointKey, by: string, argument: string): Present =>
  async (_, { values, read: ask }: Ground) => {
    const { data } = await ask(key, { node: values.node ?? "" });
    const row = rowsIn(data).find((one) => String(one[by]) === String(values[argument] ?? values.node));
    return row ? { record: row } : { notes: [`It is not in PVE's list yet (${key.replace(/^GET .*\//, "")}).`] };
  };
