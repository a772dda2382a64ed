// Owns the names of units in which a number of PVE can stand.

/** bytes, MiB, GiB: sizes; percent: a fraction of 1; duration: seconds; moment: seconds since 1970; plain: no unit. */
export type UnitName = "bytes" | "MiB" | "GiB" | "percent" | "duration" | "moment" | "plain";
