// Backups of guests, and restoring them.
import type { Tool } from "../toolkit/tool.ts";

export const backupTools: readonly Tool[] = [];
