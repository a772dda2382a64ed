// Creating containers.
import type { Tool } from "../toolkit/tool.ts";

export const containerTools: readonly Tool[] = [];
