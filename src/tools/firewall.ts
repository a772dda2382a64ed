// The cluster's firewall: options, rules, security groups.
import type { Tool } from "../toolkit/tool.ts";

export const firewallTools: readonly Tool[] = [];
