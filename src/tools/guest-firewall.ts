// The firewall rules of guests.
import type { Tool } from "../toolkit/tool.ts";

export const guestFirewallTools: readonly Tool[] = [];
