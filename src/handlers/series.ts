// Owns how figures over time are answered: the newest points, and minimum, mean and maximum of each figure.
import type { Row } from "../toolkit/answer.ts";
import type { Options, Present } from "../toolkit/operation.ts";
import { rowsIn } from "./rows.ts";

/** How many of the newest points are shown unless the call says so. */
const usual = 5;

/** What a point holds, in the order in which it reads best. */
const fields =
  "of time cpu iowait loadavg maxcpu mem memhost maxmem memused memavailable memtotal swapused swaptotal arcsize used total " +
  "rootused roottotal disk maxdisk diskread diskwrite netin netout pressurecpusome pressurecpufull pressureiosome " +
  "pressureiofull pressurememorysome pressurememoryfull";

/** Points of time without a figure are those at which nothing was measured (a guest that didn't exist, a node that was off). */
const newestPoints: Present = (data, { values }) => {
  const all = rowsIn(data);
  const measured = all.filter((point) => namesIn(point).length > 0);
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last) return { rows: [], notes: ["Nothing was measured in this time."] };
  const names = [...new Set(measured.flatMap(namesIn))];
  const newest = measured.slice(-Number(values.limit ?? usual)).reverse();
  const points = `${measured.length} point${measured.length === 1 ? "" : "s"} from ${iso(first.time)} to ${iso(last.time)}`;
  const step = Number(all[1]?.time) - Number(all[0]?.time);
  const apart = all.length > 1 && measured.length > 1 ? `, ${step} s apart` : "";
  const rates = names.some((name) => /^(?:net|disk)(?:in|out|read|write)$/.test(name));
  return {
    rows: [
      ...newest.map((point) => ({ of: "point", time: point.time, ...each(names, [point], ([figure]) => figure) })),
      { of: "minimum", ...each(names, measured, (figures) => Math.min(...figures)) },
      {
        of: "mean",
        ...each(names, measured, (figures) => figures.reduce((sum, one) => sum + one, 0) / figures.length),
      },
      { of: "maximum", ...each(names, measured, (figures) => Math.max(...figures)) },
    ],
    notes: [
      `${points}${apart}; each figure's minimum, mean and maximum are over those at which it was measured.`,
      ...(rates ? ["netin, netout, diskread and diskwrite are per second."] : []),
    ],
  };
};

function each(
  names: readonly string[],
  points: readonly Row[],
  of: (figures: readonly number[]) => number | undefined,
): Row {
  return Object.fromEntries(
    names.flatMap((name) => {
      const figures = points.flatMap((point) => (isFigure(point[name]) ? [Number(point[name])] : []));
      return figures.length > 0 ? [[name, of(figures)]] : [];
    }),
  );
}

const namesIn = (point: Row) => Object.keys(point).filter((name) => name !== "time" && isFigure(point[name]));
const isFigure = (value: unknown) =>
  (typeof value === "number" || (typeof value === "string" && value !== "")) && Number.isFinite(Number(value));
const iso = (seconds: unknown) => new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");

/** What the operations over an rrddata endpoint have in common: the last hour unless told. They add their own `done`. */
export const series = {
  optional: ["timeframe"],
  show: ["timeframe"],
  own: { "limit?": "1<=integer<=30" },
  unlisted: ["limit"],
  compose: ({ values }) => ({ timeframe: values.timeframe ?? "hour" }),
  present: newestPoints,
  fields,
  units: {
    time: "moment",
    iowait: "percent",
    ...Object.fromEntries(
      fields
        .split(" ")
        .filter((name) => /^(?:mem|swap|root|arc|used|total)/.test(name))
        .map((name) => [name, "bytes" as const]),
    ),
  },
} satisfies Options;
