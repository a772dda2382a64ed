// A node's disks.
import type { Tool } from "../toolkit/tool.ts";

export const nodeDiskTools: readonly Tool[] = [];
