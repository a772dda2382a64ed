// Owns when two refusals are the same: status and names of errors for faulty requests, 403 and its text for permissions.
import { ask, type Exchange, readAnswer, recordedCluster } from "./exchange.ts";

export interface Judged {
  exchange: Exchange;
  same: boolean;
  /** What differs, in one line; empty where nothing does. */
  why: string;
}

const names = (errors: Record<string, string>) => Object.keys(errors).sort().join(" ");

/** Status and the names in `errors`; where the handler isn't modelled, that the door let it through as PVE did. */
export async function judgeFaults(exchanges: readonly Exchange[]): Promise<Judged[]> {
  const { simulator, tokens } = recordedCluster();
  const judged: Judged[] = [];
  for (const exchange of exchanges) {
    const got = await ask(simulator, exchange, tokens[exchange.auth ?? ""]);
    const wanted = readAnswer(exchange.status, exchange.body);
    const passed = wanted.status === 200 || (wanted.status === 500 && !wanted.message.startsWith("hostname"));
    const same = got.modelled ? got.status === wanted.status && names(got.errors) === names(wanted.errors) : passed;
    const why = `${wanted.status} ${names(wanted.errors)}, got ${got.status} ${names(got.errors)} ${got.message.trim()}`;
    judged.push({ exchange, same, why: same ? "" : why });
  }
  return judged;
}

/** A 403 or none, and its text. */
export async function judgePermissions(exchanges: readonly Exchange[]): Promise<Judged[]> {
  const { simulator, tokens } = recordedCluster();
  const judged: Judged[] = [];
  for (const exchange of exchanges) {
    const got = await ask(simulator, exchange, tokens[exchange.auth ?? ""]);
    const wanted = readAnswer(exchange.status, exchange.body);
    const sameText = wanted.message === "" || got.message.trim() === wanted.message.trim();
    const same = (got.status === 403) === (wanted.status === 403) && (wanted.status !== 403 || sameText);
    const why = `${wanted.status} ${wanted.message.trim()}, got ${got.status} ${got.message.trim()}`;
    judged.push({ exchange, same, why: same ? "" : why });
  }
  return judged;
}
