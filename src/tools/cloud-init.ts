// Cloud-init of VMs.
import type { Tool } from "../toolkit/tool.ts";

export const cloudInitTools: readonly Tool[] = [];
