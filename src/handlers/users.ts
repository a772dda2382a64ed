// Owns how users and their API tokens are shown, and what a call says of their end.
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { secondsOf } from "./moments.ts";
import { rowIn, rowsIn } from "./rows.ts";

/** PVE's seconds, from what people write. */
export const expiring = ({ values: { expire } }: Ground) =>
  expire === undefined ? {} : { expire: secondsOf("expire", expire) };

/** A user is changed, and not shut out whom this program signs in as. */
export const changing = (ground: Ground) => {
  const { enable, expire } = ground.values;
  const { expire: end = 0 } = expiring(ground);
  const isShut = (enable !== undefined && Number(enable) === 0) || (expire !== undefined && isOver(end, ground));
  return { ...(isShut ? notItself(ground) : {}), ...expiring(ground) };
};

const isOver = (end: number, { now }: Ground) => end > 0 && end * 1000 <= now();

/**
 * PVE deletes whoever asks for it, and nothing could be asked afterwards.
 * @throws Refusal for the token that this program signs in with, and for its user
 */
export function notItself({ values, self }: Ground): Record<string, never> {
  const { userid, tokenid } = values;
  const isIt = tokenid === undefined ? userid === self?.split("!")[0] : isOwn(values, self);
  if (!isIt) return {};
  const what = tokenid === undefined ? `userid: the token ${self} is this user's` : `tokenid: the token is ${self}`;
  throw new Refusal(`${what}, which this program signs in with: it would shut itself out; use \`pveum\` on a node`);
}

const isOwn = ({ userid, tokenid }: Ground["values"], self: string | undefined) => `${userid}!${tokenid}` === self;

/** A user or token as PVE knows it: its 0 stands for no end, and tokens are named. */
function plain({ expire, tokens, ...rest }: Row): Row {
  const names = Array.isArray(tokens) ? rowsIn(tokens).map(({ tokenid }) => tokenid) : Object.keys(tokens ?? {});
  return {
    ...rest,
    ...(Number(expire) > 0 ? { expire } : {}),
    ...(names.length > 0 ? { tokens: names.join(",") } : {}),
  };
}

/** Users, or the tokens of one. */
export const list: Present = (data) => ({ rows: rowsIn(data).map(plain) });

export const oneUser = (data: unknown, { values }: Ground) => ({
  record: { userid: values.userid, ...plain(rowIn(data)) },
});

/** PVE takes users of realms that don't exist (facts 44), and knows nobody of pam whom the nodes don't know. */
export const createdUser: Present = async (_, ground) => {
  const { values, read: ask } = ground;
  const [, name, realm] = /^(.*)@([^@]+)$/.exec(String(values.userid)) ?? [];
  const user = await ask("GET /access/users/{userid}", { userid: values.userid ?? "" });
  const realms = await ask("GET /access/domains", {});
  const known = rowsIn(realms.data).some((row) => row.realm === realm);
  const pam = `Logging in asks the node for a Linux user ${name}, which PVE does not make.`;
  const unknown = `PVE took it, though there is no realm ${realm}: this user can't log in.`;
  const notes = [...(known ? [] : [unknown]), ...(realm === "pam" ? [pam] : [])];
  return { ...oneUser(user.data, ground), ...(notes.length > 0 ? { notes } : {}) };
};

export const oneToken: Present = (data, { values }) => ({
  record: { tokenid: values.tokenid, ...plain(rowIn(data)) },
  notes: ["Its secret was shown when it was made, and PVE shows it never again."],
});

/** What a token may do: nothing with privilege separation until an ACL entry says so. */
function reach(values: Ground["values"], privsep: unknown): string {
  const full = `${values.userid}!${values.tokenid}`;
  return Number(privsep ?? 1) === 1
    ? `privsep 1 (PVE's default): it may do nothing until proxmox_acl update grants something to tokens=${full}, and never more than its user.`
    : `privsep 0: it may do everything that ${values.userid} may.`;
}

/** The secret, when PVE made one: it tells it in this answer alone. */
export const changedToken: Present = (data, { values, self }) => {
  const { info, ...made } = rowIn(data);
  const record = plain({ ...made, ...(isRow(info) ? info : {}) });
  if (record.value === undefined) return { record };
  const replaced = "The secret that it had is void: who uses it is locked out until it has the new one.";
  return {
    record,
    notes: [
      "Keep value now: PVE shows it this once and never again.",
      ...(Number(values.regenerate) === 1 ? [replaced] : []),
      ...(isOwn(values, self) ? ["This program signs in with it: set PROXMOX_TOKEN_VALUE to the new value."] : []),
      reach(values, record.privsep),
    ],
  };
};
