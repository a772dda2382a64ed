// The storages of the cluster: their definitions and how full they are.
import type { Tool } from "../toolkit/tool.ts";

export const storageTools: readonly Tool[] = [];
