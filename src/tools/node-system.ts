// A node's system: services, DNS, hosts, time, subscription, packages.
import type { Tool } from "../toolkit/tool.ts";

export const nodeSystemTools: readonly Tool[] = [];
