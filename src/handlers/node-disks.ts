// Owns what is told of a node's disks and of what is made of them.
import { PveError } from "../pve/errors.ts";
import type { Perform, Present } from "../toolkit/operation.ts";
import { placeOf, rowIn, rowsIn } from "./rows.ts";

/** -1 and "unknown" stand for what PVE doesn't know. */
export const diskRows: Present = (data) => ({
  rows: rowsIn(data).map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([, value]) => value !== -1 && value !== "unknown" && value !== "N/A"),
    ),
  ),
});

/** The attributes of an ATA disk, or the text of another. */
export const smart: Present = (data, { values }) => {
  const { health, attributes, text } = rowIn(data);
  const summary = `Health of ${values.disk} on ${values.node}: ${health ?? "PVE doesn't say"}`;
  if (typeof text === "string" && text !== "") return { summary, lines: text.trimEnd().split("\n") };
  return { summary, rows: rowsIn(attributes) };
};

/** A volume group a row, its disks inside. */
export const volumeGroups: Present = (data) => ({
  rows: rowsIn(rowIn(data).children).map(({ children, name, ...rest }) => ({
    ...rest,
    vg: name,
    disks: rowsIn(children).map((disk) => disk.name),
  })),
});

/** PVE answers with an error where ZFS isn't installed. */
export const pools: Perform = async (acting, values) => {
  try {
    return await acting.send("GET /nodes/{node}/disks/zfs", values);
  } catch (error) {
    if (error instanceof PveError && /not installed/.test(error.sentence)) return { data: error.sentence };
    throw error;
  }
};

export const poolRows: Present = (data, { values }) =>
  typeof data === "string" ? { summary: `ZFS is not installed on ${values.node}`, rows: [], notes: [data.trim()] } : {};

/** Their name is the last part of their path; PVE doesn't send it. */
export const directories: Present = (data) => ({
  rows: rowsIn(data).map((row) => ({ name: String(row.path).split("/").at(-1), ...row })),
});

/** The disk as PVE lists it afterwards. */
export const diskAfter: Present = async (_, ground) => {
  const { data } = await ground.read("GET /nodes/{node}/disks/list", placeOf(ground, "node"));
  const row = rowsIn(data).find(({ devpath }) => devpath === ground.values.disk);
  return row ? { record: row } : {};
};
