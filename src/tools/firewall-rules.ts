// The rules of a firewall at any level: a list in which each is named by its position, and the positions shift.
import { changedRule, created, newRule, updated } from "../handlers/firewall-rules.ts";
import { destroy, read, write } from "../toolkit/operation.ts";

type Level =
  | "/cluster/firewall/rules"
  | "/cluster/firewall/groups/{group}"
  | "/nodes/{node}/{type}/{vmid}/firewall/rules";

export const ruleFields = "pos enable type action macro proto source sport dest dport icmp-type iface log comment";

const shown = ["enable", "proto", "dport"];
const hints = {
  rule_action: "ACCEPT, DROP, REJECT",
  enable: "1: in force",
};

/** The operations on the rules of one level. `names`: the rule's `action` is not ours, nor is its `type` where a guest has one. */
export function rulesOf<At extends Level>(at: At, names: Readonly<Record<string, string>>) {
  return {
    list: read(`GET ${at}`, { done: "{count} rules", fields: ruleFields }),
    get: read(`GET ${at}/{pos}`, { done: "Rule {pos}", fields: ruleFields }),
    create: write(`POST ${at}`, {
      names,
      show: shown,
      hints,
      also: [`PUT ${at}/{pos}`],
      perform: created,
      present: newRule,
      done: "The rule was created, first in the list",
      fields: ruleFields,
    }),
    update: write(`PUT ${at}/{pos}`, {
      names,
      show: ["moveto", ...shown],
      hints,
      perform: updated,
      present: changedRule,
      done: "Rule {pos} was changed",
      fields: ruleFields,
    }),
    delete: destroy(`DELETE ${at}/{pos}`, {
      replaces: `GET ${at}/{pos}`,
      done: "Rule {pos} was deleted; those behind it have moved up by one",
    }),
  };
}
