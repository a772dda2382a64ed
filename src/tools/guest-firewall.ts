// The firewall rules of guests of both kinds.
import { tool } from "../toolkit/tool.ts";
import { rulesOf } from "./firewall-rules.ts";

export const guestFirewallTools = [
  tool(
    "proxmox_guest_firewall_rule",
    "Guest firewall rules",
    rulesOf("/nodes/{node}/{type}/{vmid}/firewall/rules", { action: "rule_action", type: "rule_type" }),
  ),
];
