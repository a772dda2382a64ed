// The cluster's firewall: aliases and IP sets.
import type { Tool } from "../toolkit/tool.ts";

export const firewallSetTools: readonly Tool[] = [];
