// The mount points of containers.
import type { Tool } from "../toolkit/tool.ts";

export const mountpointTools: readonly Tool[] = [];
