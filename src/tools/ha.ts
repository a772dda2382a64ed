// High availability: what the HA manager keeps running, and where.
import type { Tool } from "../toolkit/tool.ts";

export const haTools: readonly Tool[] = [];
