// Owns who asks: the token of a request, whether it is good, and what is served to it.
import { createHash } from "node:crypto";
import { isExpired, readTokens, type Token, tokenOf } from "./tokens.ts";

/** What a request says of its sender. */
export interface Claims {
  /** The header Authorization. */
  readonly authorization: string | undefined;
  /** The header X-PVE-API-Token. */
  readonly pveToken: string | undefined;
}

/** A refusal: an HTTP status, a sentence, and what RFC 6750 has for WWW-Authenticate. */
export interface Refused {
  readonly status: 400 | 401;
  readonly text: string;
  readonly challenge?: string;
}

/** Who asks; without a token where the service runs without authentication. */
export interface Sender {
  readonly token?: Token;
  /** Value of PVE's Authorization header that runs the call, and nothing of the service's own. */
  readonly authorization?: string;
}

/** The tokens as they are known at this moment. */
export interface Keyring {
  readonly tokens: readonly Token[];
  /** Reads the state folder again. A folder that can't be read leaves no token. */
  reload(): Promise<readonly string[]>;
  /** Reads it again when it has changed. One look at a folder's time costs nothing beside a request. */
  refresh(): Promise<readonly string[]>;
}

/** @param changed when the folder last changed; a new token is good and a revoked one refused without any signal */
export function createKeyring(state: string, changed: (state: string) => Promise<number>): Keyring {
  let tokens: readonly Token[] = [];
  let seen = Number.NaN;
  // One after the other, so that no older reading comes in the place of a newer one.
  let turn: Promise<readonly string[]> = Promise.resolve([]);
  const read = async () => {
    const at = await changed(state);
    const begun = Date.now();
    const found = await readTokens(state).catch((error: unknown) => ({ tokens: [], problems: [String(error)] }));
    tokens = found.tokens;
    // two changes within a tick of the file system's clock have the same time
    seen = begun - at < tick ? Number.NaN : at;
    return found.problems;
  };
  const isSeen = async () => (await changed(state)) === seen;
  const next = (work: () => Promise<readonly string[]>) => {
    turn = turn.then(work);
    return turn;
  };
  return {
    get tokens() {
      return tokens;
    },
    reload: () => next(read),
    refresh: async () => ((await isSeen()) ? [] : next(async () => ((await isSeen()) ? [] : read()))),
  };
}

/** Longer than any file system's, in milliseconds. */
const tick = 100;

const realm = 'Bearer realm="proxmox-mcp"';

/** The sender of a request. `readPveToken` makes `user@realm!name=value` PVE's header, or nothing when it isn't one. */
export function senderOf(
  { authorization, pveToken }: Claims,
  tokens: readonly Token[],
  now: number,
  readPveToken: (text: string) => string | undefined,
): Sender | Refused {
  const [, value] = /^Bearer +([\w.~+/=-]{1,512})$/i.exec(authorization ?? "") ?? [];
  if (value === undefined) {
    const text = "a bearer token is needed: Authorization: Bearer … (proxmox-mcp token new makes one)";
    return { status: 401, text, challenge: realm };
  }
  const token = tokenOf(value, tokens);
  if (!token || isExpired(token, now)) {
    const text = token ? `the token ${token.name} has expired` : "there is no such token, or it was revoked";
    return { status: 401, text, challenge: `${realm}, error="invalid_token", error_description="${text}"` };
  }
  if (!token.ownPveToken) {
    if (pveToken === undefined) return { token };
    return {
      status: 400,
      text: `the token ${token.name} takes no X-PVE-API-Token: it was made without --own-pve-token`,
    };
  }
  const own = pveToken === undefined ? undefined : readPveToken(pveToken);
  if (own !== undefined) return { token, authorization: own };
  const what = pveToken === undefined ? "is needed" : "can't be read";
  return {
    status: 400,
    text: `the header X-PVE-API-Token ${what}: user@realm!name=value, your own token of Proxmox VE`,
  };
}

/** Values made once per key and kept while they are used: the least recently used goes first, an idle one after a time. */
export class Kept<Value> {
  readonly #entries = new Map<string, { value: Value; used: number }>();
  readonly #most: number;
  readonly #idle: number;

  constructor(most: number, idle: number) {
    this.#most = most;
    this.#idle = idle;
  }

  get(key: string, now: number, make: () => Value): Value {
    const found = this.#entries.get(key);
    const value = found ? found.value : make();
    this.#entries.delete(key);
    this.#entries.set(key, { value, used: now });
    for (const [name, { used }] of this.#entries) {
      if (this.#entries.size <= this.#most && now - used < this.#idle) break;
      this.#entries.delete(name);
    }
    return value;
  }

  values(): Value[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }
}

/** Two requests with the same key may share everything; a secret is no part of it. */
export function keyOf({ token, authorization }: Sender): string {
  const parts = [token?.sha256, token?.settings, token?.ownPveToken, authorization];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
