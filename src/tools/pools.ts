// Pools of guests and storages.
import type { Tool } from "../toolkit/tool.ts";

export const poolTools: readonly Tool[] = [];
