// Owns how the answers of QEMU's guest agent read: what PVE wraps in `result`, row by row.
import type { Answer, Row } from "../toolkit/answer.ts";
import type { Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

const resultOf = (data: unknown): unknown => (isRow(data) && "result" in data ? data.result : data);

/** The agent's own value as a row, rows or a single figure. */
export const unwrapped: Present = (data) => shaped(resultOf(data));

/** A figure of the agent under a name. */
export const named =
  (name: string): Present =>
  (data) => ({ record: { [name]: resultOf(data) } });

function shaped(result: unknown): Partial<Answer> {
  if (Array.isArray(result)) {
    const rows = result.filter(isRow);
    return rows.length === result.length ? { rows } : { lines: result.map(String) };
  }
  return isRow(result)
    ? { record: result }
    : result === null || result === undefined
      ? { record: {} }
      : { record: { result } };
}

const rowsOf = (data: unknown): Row[] => {
  const result = resultOf(data);
  return Array.isArray(result) ? result.filter(isRow) : [];
};

/** An interface a row, its addresses with their prefixes. */
export const interfaces: Present = (data) => ({
  rows: rowsOf(data).map((row) => {
    const addresses = Array.isArray(row["ip-addresses"]) ? row["ip-addresses"].filter(isRow) : [];
    return {
      name: row.name,
      "hardware-address": row["hardware-address"],
      "ip-addresses": addresses.map((one) => `${one["ip-address"]}/${one.prefix}`),
    };
  }),
});

/** A file system a row, without the buses of its disks. */
export const fileSystems: Present = (data) => ({ rows: rowsOf(data).map(({ disk: _disk, ...row }) => row) });

/** The agent tells nanoseconds. */
export const time: Present = (data) => ({ record: { time: Number(resultOf(data)) / 1e9 } });

/** What was trimmed on each file system; one that can't be trimmed says why. */
export const trimmed: Present = (data) => {
  const result = resultOf(data);
  const paths = isRow(result) && Array.isArray(result.paths) ? result.paths.filter(isRow) : [];
  const failed = paths.filter(({ error }) => error !== undefined).map(({ path, error }) => `${path}: ${error}`);
  return { rows: paths, ...(failed.length > 0 ? { outcome: "warnings", notes: failed } : {}) };
};
