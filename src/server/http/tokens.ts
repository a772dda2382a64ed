// Owns the bearer tokens of the HTTP service: how one is made and kept as a hash, and which of them a request brings.
import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { chown, link, mkdir, readdir, readFile, stat, unlink, writeFile } from "node:fs/promises";

/** A bearer token as it is kept: whoever reads the file can't use it. */
export interface Token {
  readonly name: string;
  /** SHA-256 of the value, in hex. The value is 256 random bits, so that a plain hash will do. */
  readonly sha256: string;
  /** ISO times. */
  readonly created: string;
  readonly expires?: string;
  /** Whoever brings it brings a PVE token as well, and the call runs with that alone. */
  readonly ownPveToken: boolean;
  /** What narrows it, as the settings of the same meaning: PROXMOX_READ_ONLY, PROXMOX_TOOLSETS, … */
  readonly settings: Readonly<Record<string, string>>;
}

/** What is told of a token when it is made; the rest is made up. */
export type NewToken = Omit<Token, "sha256" | "created">;

/** Said in one line to whoever runs a command. */
export class TokenProblem extends Error {}

/** In every value, so that a leaked one can be recognized, by people and by our own log. */
const mark = "pmcp_";

/** A name is also the name of a file. */
export const isTokenName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);

const folderOf = (state: string) => `${state}/http-tokens`;
const fileOf = (state: string, name: string) => `${folderOf(state)}/${name}.json`;

/**
 * Makes a token and keeps its hash in the state folder. The value is in the answer and nowhere else.
 * @throws TokenProblem for a name that is taken, or a folder that can't be written
 */
export async function makeToken(state: string, asked: NewToken, now: number): Promise<string> {
  const value = mark + randomBytes(32).toString("base64url");
  const token: Token = { ...asked, sha256: digest(value).toString("hex"), created: new Date(now).toISOString() };
  const file = fileOf(state, asked.name);
  const fresh = `${folderOf(state)}/.${randomUUID()}`;
  try {
    await mkdir(folderOf(state), { recursive: true, mode: 0o700 });
    await writeFile(fresh, `${JSON.stringify(token, null, 2)}\n`, { mode: 0o600 });
    await handOver(fresh, state);
    // whole or not at all, and never over another
    await link(fresh, file);
  } catch (error) {
    throw codeOf(error) === "EEXIST"
      ? new TokenProblem(`there is a token ${asked.name} already: revoke it first, or take another name`)
      : new TokenProblem(`the token can't be kept in ${folderOf(state)}: ${messageOf(error)}`);
  } finally {
    await unlink(fresh).catch(() => {});
  }
  return value;
}

/** What root makes belongs to whom the state folder belongs: the service's user has to read it. */
async function handOver(file: string, state: string): Promise<void> {
  const [{ uid, gid }, made] = await Promise.all([stat(state), stat(file)]);
  if (made.uid === uid) return;
  await chown(folderOf(state), uid, gid);
  await chown(file, uid, gid);
}

/** Takes a token away. @throws TokenProblem when there is none of that name */
export async function revokeToken(state: string, name: string): Promise<void> {
  try {
    await unlink(fileOf(state, name));
  } catch (error) {
    throw codeOf(error) === "ENOENT"
      ? new TokenProblem(`there is no token ${name}`)
      : new TokenProblem(`the token can't be taken away: ${messageOf(error)}`);
  }
}

/** All tokens by name, and a line for each file that can't be read as one: its token counts for nothing. */
export async function readTokens(state: string): Promise<{ tokens: readonly Token[]; problems: readonly string[] }> {
  const names = await readdir(folderOf(state)).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw new TokenProblem(`${folderOf(state)} can't be read: ${messageOf(error)}`);
  });
  const problems: string[] = [];
  const tokens: Token[] = [];
  for (const file of names.filter((name) => !name.startsWith(".") && name.endsWith(".json")).sort()) {
    try {
      tokens.push(checked(JSON.parse(await readFile(`${folderOf(state)}/${file}`, "utf8")), file));
    } catch (error) {
      // it was revoked between the two looks
      if (codeOf(error) !== "ENOENT") problems.push(`${folderOf(state)}/${file}: ${messageOf(error)}`);
    }
  }
  return { tokens, problems };
}

/** When the set of tokens last changed; 0 while there is none. */
export async function changedAt(state: string): Promise<number> {
  return stat(folderOf(state)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

function checked(value: unknown, file: string): Token {
  const { name, sha256, created, expires, ownPveToken, settings } = recordOf(value);
  const texts = Object.entries(recordOf(settings)).map(([key, text]) => {
    if (typeof text !== "string") throw new TypeError(`${key} is no text`);
    return [key, text] as const;
  });
  if (typeof name !== "string" || `${name}.json` !== file || !isTokenName(name))
    throw new TypeError("the name is wrong");
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError("sha256 is wrong");
  if (typeof created !== "string" || typeof ownPveToken !== "boolean") throw new TypeError("a field is missing");
  if (expires !== undefined && (typeof expires !== "string" || Number.isNaN(Date.parse(expires)))) {
    throw new TypeError("expires is no time");
  }
  return {
    name,
    sha256,
    created,
    ...(expires !== undefined && { expires }),
    ownPveToken,
    settings: Object.fromEntries(texts),
  };
}

function recordOf(value: unknown): Partial<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("it isn't what this program wrote");
  return { ...value };
}

/** The token that a value belongs to. Every one is compared, each in constant time. */
export function tokenOf(value: string, tokens: readonly Token[]): Token | undefined {
  const given = digest(value);
  const equal = tokens.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, "hex"), given));
  return equal[0];
}

/** Whether a token's time is over. `now`: milliseconds since 1970. */
export const isExpired = ({ expires }: Token, now: number): boolean =>
  expires !== undefined && Date.parse(expires) <= now;

const digest = (value: string): Buffer => createHash("sha256").update(value).digest();
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
