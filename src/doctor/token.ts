// Owns the checks of the token: what it may do, which of the enabled operations PVE will refuse, when it ends.
import type { PveClient } from "../pve/client.ts";
import { PveError } from "../pve/errors.ts";
import type { Version } from "../schema/registry.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";
import { grantsFor, leastFor, pveumLines } from "./role.ts";
import { rowOf } from "./row.ts";
import { choicesOf, judge, type Named, type Permissions, type Verdict } from "./verdict.ts";

/** A token, `user@realm!name`, and the operations that the settings enable. */
export interface Holder {
  readonly client: PveClient;
  readonly subject: string;
  readonly operations: readonly Named[];
  readonly now: () => number;
}

export interface TokenReport {
  readonly findings: readonly Finding[];
  readonly operations: Readonly<Record<string, readonly string[]>>;
}

export async function checkToken(holder: Holder, release: Version): Promise<TokenReport> {
  const { client, subject, operations } = holder;
  const { data } = await client.request({ endpoint: "GET /access/permissions", values: {} });
  const permissions = permissionsIn(data);
  const judged = operations.map((named) => judge(named, permissions, release));
  const named = (verdict: Verdict) => judged.filter((one) => one.verdict === verdict).map(({ name }) => name);
  const verdicts = ["refused", "blind", "partly", "root", "absent"] as const;
  const found = Object.fromEntries(verdicts.map((verdict) => [verdict, named(verdict)] as const));
  const paths = Object.keys(permissions).length;
  if (paths === 0) {
    const text = `${subject} is taken, and has no privilege at all`;
    return { findings: [failed("token", text, "Give it the role below.")], operations: found };
  }
  const findings = [
    await ending(holder),
    operationsFinding(operations.length, found),
    ...spare(holder, permissions, release),
  ];
  return { findings, operations: found };
}

function operationsFinding(count: number, found: Readonly<Record<string, readonly string[]>>): Finding {
  const { refused = [], blind = [], partly = [], root = [], absent = [] } = found;
  const parts = [
    part(refused, "will be refused"),
    part(blind, "will show nothing"),
    part(partly, "go through on some guests, storages or nodes alone"),
    part(root, "are for root@pam alone, whatever the token may do"),
    part(absent, "are not in this release"),
  ].flat();
  const text = [`of ${count} enabled operations`, ...(parts.length > 0 ? parts : ["all are allowed"])].join("\n  ");
  if (refused.length + blind.length === 0) return ok("privileges", parts.length > 0 ? text : text.replace("\n ", ""));
  return warning("privileges", text, "Give the token the role below, or enable fewer tools (PROXMOX_TOOLSETS).");
}

/** How many names stand in a line; --json has all. */
const few = 8;

function part(names: readonly string[], what: string): string[] {
  if (names.length === 0) return [];
  const more = names.length > few ? ` and ${names.length - few} more` : "";
  return [`${names.length} ${what}: ${names.slice(0, few).join(", ")}${more}`];
}

/** What the token may do that none of the enabled operations needs. */
function spare({ operations }: Holder, permissions: Permissions, release: Version): Finding[] {
  const needed = new Set(leastFor(choicesOf(operations, release)).map(({ privilege }) => privilege));
  const held = new Set(Object.values(permissions).flatMap((privileges) => Object.keys(privileges)));
  const more = [...held].filter((name) => !needed.has(name) && !name.endsWith(".Audit")).sort();
  if (more.length === 0) return [];
  const shown = more.length > few ? `${more.slice(0, few).join(", ")} and ${more.length - few} more` : more.join(", ");
  const todo =
    "Make a token with privilege separation for this, with the role below: then PVE refuses what the tools don't need.";
  return [warning("excess", `the token may do more than the enabled tools need: ${shown}`, todo)];
}

const day = 86_400;

/** Whether the token ends soon; PVE tells that to few tokens. */
async function ending({ client, subject, now }: Holder): Promise<Finding> {
  const [userid = "", tokenid = ""] = subject.split("!");
  const expire = await client
    .request({ endpoint: "GET /access/users/{userid}/token/{tokenid}", values: { userid, tokenid } })
    .then(
      ({ data }) => Number(rowOf(data).expire ?? 0),
      (error: unknown) => {
        if (error instanceof PveError) return 0;
        throw error;
      },
    );
  const left = Math.floor(expire - now() / 1000);
  if (expire === 0 || left > 14 * day) return ok("token", `${subject} is taken`);
  const text = `${subject} ends ${new Date(expire * 1000).toISOString().slice(0, 10)}`;
  return warning(
    "token",
    text,
    `Put its end off on a node: \`pveum user token modify ${userid} ${tokenid} --expire 0\`.`,
  );
}

function permissionsIn(data: unknown): Permissions {
  return Object.fromEntries(Object.entries(rowOf(data)).map(([path, held]) => [path, rowOf(held)]));
}

/** The pveum lines for exactly these operations, for PVE 8 and PVE 9. */
export function roleLines(
  operations: readonly Named[],
  subject: string,
): Readonly<Record<"8" | "9", readonly string[]>> {
  const lines = (release: Version) => pveumLines(grantsFor(leastFor(choicesOf(operations, release))), subject);
  return { "8": lines("8.4"), "9": lines("9.2") };
}
