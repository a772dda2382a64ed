// Software-defined networks: zones, vnets, subnets, controllers.
import type { Tool } from "../toolkit/tool.ts";

export const sdnTools: readonly Tool[] = [];
