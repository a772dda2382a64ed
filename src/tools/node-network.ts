// A node's network interfaces: staged, applied, dropped.
import type { Tool } from "../toolkit/tool.ts";

export const nodeNetworkTools: readonly Tool[] = [];
