// Owns nothing of its own: the taking apart of what PVE sends is handlers/rows.ts.
export * from "../handlers/rows.ts";
