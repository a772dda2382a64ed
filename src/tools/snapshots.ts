// The snapshots of guests.
import type { Tool } from "../toolkit/tool.ts";

export const snapshotTools: readonly Tool[] = [];
