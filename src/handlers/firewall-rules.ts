// What PVE's rules of firewalls need beyond one request: a place for a new one, a change beside a move, the place afterwards.
import { PveError } from "../pve/errors.ts";
import { type EndpointKey, isKey } from "../schema/registry.ts";
import type { Row } from "../toolkit/answer.ts";
import { Denied } from "../toolkit/gate.ts";
import type { Ground, Perform, Present, Values } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { changesBetween } from "../toolkit/replaced.ts";
import { givenOf, rowsIn } from "./rows.ts";

function keyOf(text: string): EndpointKey {
  if (isKey(text)) return text;
  throw new TypeError(`${text} is no endpoint of PVE`);
}

const placesOf = (ground: Ground) => givenOf(ground, "node", "vmid", "group");

/** The rules that stand where the operation changes one. */
async function rulesAt(ground: Ground): Promise<readonly Row[]> {
  const path = ground.endpoint.path.replace("/{pos}", "");
  return rowsIn((await ground.read(keyOf(`GET ${path}`), placesOf(ground))).data);
}

const told = ["type", "action", "macro", "proto", "source", "sport", "dest", "dport", "comment"];
const isSent = (row: Row, values: Values) =>
  told.every((name) => String(row[name] ?? "") === String(values[name] ?? ""));

/** PVE takes `pos` for a new rule and puts it first all the same, so that it is moved there. */
export const created: Perform = async (acting, values) => {
  const { key, path } = acting.endpoint;
  const answer = await acting.send(key, values);
  const pos = Number(values.pos ?? 0);
  const rules = pos > 0 ? await rulesAt(acting).catch(() => []) : [];
  const [first] = rules;
  if (first && rules.length > 1 && isSent(first, values)) {
    const move = { ...placesOf(acting), pos: 0, moveto: pos + 1, digest: first.digest };
    // the rule is there whatever comes of this; where it is, is read afterwards
    await acting.send(keyOf(`PUT ${path}/{pos}`), move).catch(() => undefined);
  }
  return answer;
};

export const newRule: Present = async (_, ground) => {
  const rules = await rulesAt(ground);
  const wanted = Math.min(Number(ground.values.pos ?? 0), rules.length - 1);
  const rule = [rules[wanted], ...rules].find((row) => row && isSent(row, ground.values));
  if (!rule) return {};
  const off = Number(rule.enable) === 0;
  const notes = [
    ...(Number(rule.pos) === wanted ? [] : [`It was to stand at ${wanted} and could not be moved there.`]),
    ...(off ? ["It is disabled, as PVE creates rules: update it with enable=1 to put it into force."] : []),
    ...(Number(rule.pos) < rules.length - 1 ? ["The rules behind it have moved down by one position."] : []),
    ...(off ? [] : await switchedOff(ground)),
  ];
  return { record: rule, summary: `Rule ${rule.pos} was created${off ? ", disabled" : ""}`, notes };
};

/** A rule does nothing while the firewall of the cluster or of its guest is off, as both are until they are switched on. */
async function switchedOff(ground: Ground): Promise<string[]> {
  const { endpoint, guest, read: ask } = ground;
  const own = endpoint.path.replace(/rules$/, "options");
  const levels = [["cluster", "GET /cluster/firewall/options", {}] as const];
  const all = guest ? [...levels, ["guest", keyOf(`GET ${own}`), placesOf(ground)] as const] : levels;
  const asked = all.map(async ([level, key, places]) => {
    const { data } = await ask(key, places).catch(() => ({ data: undefined }));
    return isRow(data) && Number(data.enable ?? 0) === 0
      ? [`The firewall of the ${level} is off: no rule is in force.`]
      : [];
  });
  return (await Promise.all(asked)).flat();
}

/** PVE ignores everything else beside `moveto`, so that a move is a request of its own. */
export const updated: Perform = async (acting, values) => {
  const { moveto, digest, ...rest } = values;
  // who may not read the rules may still change them
  const [before, pos] = [await rulesAt(acting).catch(() => []), Number(values.pos)];
  const { key } = acting.endpoint;
  const isMoved = moveto !== undefined && Number(moveto) !== pos;
  const others = Object.keys(rest).length > Object.keys({ ...placesOf(acting), pos }).length;
  const first = before[0]?.digest;
  if (others || !isMoved) await acting.send(key, { ...rest, digest: digest ?? first });
  if (isMoved) {
    try {
      const now = others && first !== undefined ? (await rulesAt(acting))[0]?.digest : (digest ?? first);
      await acting.send(key, { ...placesOf(acting), pos, moveto, digest: now });
    } catch (error) {
      if (!others || !(error instanceof PveError || error instanceof Denied)) throw error;
      return { data: { before: before[pos], at: pos, unmoved: sentenceOf(error) } };
    }
  }
  const to = Math.min(Number(moveto ?? pos), before.length);
  return { data: { before: before[pos], at: isMoved && to > pos ? to - 1 : to } };
};

const sentenceOf = (error: PveError | Denied) => (error instanceof PveError ? error.sentence : error.message);

export const changedRule: Present = async (data, ground) => {
  const { before, at, unmoved } = isRow(data) ? data : {};
  const { pos } = ground.values;
  if (unmoved !== undefined) {
    const summary = `Rule ${pos} was changed, and not moved`;
    const after = (await rulesAt(ground).catch(() => []))[Number(at)];
    const changes = isRow(before) && after ? { record: after, changes: changesBetween(before, after) } : { record: {} };
    return { outcome: "error", kind: "refused", summary, reason: [String(unmoved)], ...changes };
  }
  const after = (await rulesAt(ground))[Number(at)];
  if (!isRow(before) || !after) return { record: {} };
  const changes = changesBetween(before, after);
  const now = after.pos === before.pos ? "was changed" : `is rule ${after.pos} now`;
  return { record: after, changes, summary: `Rule ${pos} ${changes.length > 0 ? now : "stands as it was"}` };
};
