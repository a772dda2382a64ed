// Single files out of backups.
import type { Tool } from "../toolkit/tool.ts";

export const fileRestoreTools: readonly Tool[] = [];
