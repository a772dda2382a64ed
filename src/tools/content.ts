// What is on a storage: volumes, ISOs, templates, backups.
import type { Tool } from "../toolkit/tool.ts";

export const contentTools: readonly Tool[] = [];
