// A node's logs and tasks.
import type { Tool } from "../toolkit/tool.ts";

export const nodeLogTools: readonly Tool[] = [];
