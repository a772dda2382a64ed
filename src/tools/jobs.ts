// The cluster's jobs: backups and replication.
import type { Tool } from "../toolkit/tool.ts";

export const jobTools: readonly Tool[] = [];
