// Ceph on a node.
import type { Tool } from "../toolkit/tool.ts";

export const cephTools: readonly Tool[] = [];
