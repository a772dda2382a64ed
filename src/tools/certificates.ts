// The certificates of nodes.
import type { Tool } from "../toolkit/tool.ts";

export const certificateTools: readonly Tool[] = [];
