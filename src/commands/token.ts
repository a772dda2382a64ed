// Owns the command `token`: the bearer tokens of `serve --http`, made, listed and revoked in the state folder.
import { stateFolder } from "../config/state.ts";
import { isExpired, isTokenName, makeToken, readTokens, revokeToken, TokenProblem } from "../server/http/tokens.ts";
import type { Context } from "./command.ts";
import { commands, program } from "./commands.ts";
import { grantOf, narrowingText, settingsFrom } from "./token-policy.ts";
import { usageLine } from "./usage.ts";

/** Exit code 1 when it didn't work, 2 for wrong usage. */
export async function run(context: Context): Promise<number> {
  const [act = "", name] = context.arguments;
  const wrong = (problem: string, more: { word?: string; known?: readonly string[] } = {}) => {
    const command = commands.find((each) => each.name === "token");
    context.stderr.write(`${usageLine({ problem, ...more, ...(command && { command }) })}\n`);
    return 2;
  };
  const known = ["new", "list", "revoke"];
  if (!known.includes(act)) return wrong("unknown word", { word: act, known });
  if (act !== "list" && name === undefined) return wrong(`token ${act} needs the token's NAME`);
  if (act === "list" && name !== undefined) return wrong("token list takes no NAME");
  const foreign = act === "new" ? undefined : Object.keys(context.options).find((option) => option !== "state");
  if (foreign !== undefined) return wrong(`--${foreign} goes with token new`);
  const state = stateFolder(context.env);
  if (state === undefined) return wrong("there is no folder for the tokens: name one with --state");
  try {
    if (act === "list") return await list(context, state);
    return act === "revoke" ? await revoke(context, state, name ?? "") : await make(context, state, name ?? "", wrong);
  } catch (error) {
    if (!(error instanceof TokenProblem)) throw error;
    context.stderr.write(`${program} token: ${error.message}\n`);
    return 1;
  }
}

async function make(
  { options, stdout, stderr }: Context,
  state: string,
  name: string,
  wrong: (problem: string) => number,
): Promise<number> {
  if (!isTokenName(name)) return wrong("a token's name has small letters, digits, dots, hyphens and underscores");
  const settings = settingsFrom(options);
  const grant = grantOf({ settings });
  if ("mistakes" in grant) return wrong(grant.mistakes.join(" "));
  const now = Date.now();
  const expires = options.expires === undefined ? undefined : momentOf(String(options.expires), now);
  if (expires === null) return wrong("--expires is a time to come: 30d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z");
  const ownPveToken = options["own-pve-token"] === true;
  const end = expires === undefined ? {} : { expires: new Date(expires).toISOString() };
  const value = await makeToken(state, { name, ownPveToken, settings, ...end }, now);
  stdout.write(`${value}\n`);
  stderr.write("This value is shown once. It goes into the header: Authorization: Bearer …\n");
  return 0;
}

/** Milliseconds since 1970 of `30d`, `12h`, a date (its end, UTC) or a time; null for what is none of them or past. */
function momentOf(text: string, now: number): number | null {
  const [, count, unit] = /^(\d{1,4})([dh])$/.exec(text) ?? [];
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  if (count !== undefined) return now + Number(count) * (unit === "d" ? 86_400_000 : 3_600_000) || null;
  const moment = isDate ? Date.parse(`${text}T23:59:59Z`) : isTime ? Date.parse(text) : Number.NaN;
  return moment > now ? moment : null;
}

async function list({ stdout, stderr }: Context, state: string): Promise<number> {
  const { tokens, problems } = await readTokens(state);
  const now = Date.now();
  const day = (time: string) => time.slice(0, 10);
  const rows = tokens.map((token) => [
    token.name,
    `made ${day(token.created)}`,
    token.expires === undefined ? "no end" : `${isExpired(token, now) ? "expired" : "until"} ${day(token.expires)}`,
    [...(token.ownPveToken ? ["own PVE token"] : []), narrowingText(token)].filter((text) => text !== "").join("; "),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? "").length)));
  for (const row of rows)
    stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
  for (const problem of problems) stderr.write(`${program} token: ${problem}\n`);
  if (rows.length === 0) stderr.write(`There is no token yet: ${program} token new NAME makes one.\n`);
  return problems.length > 0 ? 1 : 0;
}

async function revoke({ stderr }: Context, state: string, name: string): Promise<number> {
  if (!isTokenName(name)) throw new TokenProblem(`there is no token ${JSON.stringify(name.slice(0, 64))}`);
  await revokeToken(state, name);
  stderr.write(`The token ${name} is revoked: a running service refuses it from now on.\n`);
  return 0;
}
