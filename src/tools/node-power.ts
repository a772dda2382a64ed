// A node's power, and all of its guests at once.
import type { Tool } from "../toolkit/tool.ts";

export const nodePowerTools: readonly Tool[] = [];
