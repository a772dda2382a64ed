// Owns the explanation of a 403: who lacks what, the user or only its token, and the commands that grant the least.
import type { Asked, PveAnswer } from "./answer.ts";
import { PveError } from "./errors.ts";
import { type Need, needsOf } from "./needs.ts";
import { grantLine, leastOf, readRefusal } from "./refusal.ts";
import type { PveRequest } from "./request.ts";

/** Asks PVE on the way to an explanation; rejects where that isn't permitted. */
export type Ask = (request: PveRequest) => Promise<PveAnswer>;

/** The same error with a next step that knows what the token and its user may do; unchanged where nothing is found out. */
export async function explainRefusal(error: PveError, asked: Asked, ask: Ask): Promise<PveError> {
  const { subject } = asked;
  const needs = await needsOfRefusal(error, asked.request);
  if (!needs || !subject) return error;
  const user = subject.split("!", 1)[0] ?? subject;
  const lacks = await Promise.all(needs.map((need) => lackOf(need, subject, user, ask)));
  const found = lacks.filter((lack) => lack !== undefined && lack.missing.length > 0);
  const next = found.length === 0 ? undefined : found.map((lack) => lack && sentence(lack, subject, user)).join(" ");
  return next === undefined ? error : new PveError({ ...error, sentence: error.sentence, next });
}

/** What PVE named, or else what its description of the endpoint asks for. */
async function needsOfRefusal({ sentence }: PveError, { endpoint, values }: PveRequest): Promise<Need[] | undefined> {
  const refusal = readRefusal(sentence);
  if (refusal.because === "privilege" && refusal.path !== "") {
    return [{ path: refusal.path, privileges: leastOf(refusal.privileges, values) }];
  }
  if (refusal.because !== "privilege" && refusal.because !== "unnamed") return undefined;
  const registry = await import("../schema/registry.ts");
  const { permissions } = registry.endpoint(endpoint);
  return permissions && needsOf(permissions, values);
}

/** What a subject lacks on a path. `user`: what its user has there, undefined where we may not know. */
interface Lack {
  path: string;
  missing: readonly string[];
  token: readonly string[];
  user: readonly string[] | undefined;
}

async function lackOf({ path, privileges }: Need, subject: string, user: string, ask: Ask): Promise<Lack | undefined> {
  const [token, owner] = await Promise.all([
    held(path, ask),
    // A token may see its user's privileges only with Sys.Audit on /access.
    user === subject ? undefined : held(path, ask, user),
  ]);
  return token && { path, missing: privileges.filter((name) => !token.includes(name)), token, user: owner };
}

async function held(path: string, ask: Ask, userid?: string): Promise<string[] | undefined> {
  try {
    const { data } = await ask({ endpoint: "GET /access/permissions", values: { path, ...(userid && { userid }) } });
    const here: unknown =
      typeof data === "object" && data !== null ? Object.entries(data).find(([key]) => key === path)?.[1] : undefined;
    return typeof here === "object" && here !== null ? Object.keys(here) : [];
  } catch {
    return undefined;
  }
}

function sentence({ path, missing, token, user }: Lack, subject: string, owner: string): string {
  const what = `${missing.join(", ")} on ${path}`;
  const grant = grantLine({ path, privileges: missing, subjects: [subject], held: token });
  if (subject === owner) return `${subject} lacks ${what}; as root on a node: \`${grant}\`.`;
  if (user === undefined) {
    return `The token ${subject} lacks ${what}; as root on a node: \`${grant}\` (its user ${owner} has to have it there as well).`;
  }
  const short = missing.filter((name) => !user.includes(name));
  if (short.length === 0) {
    return `The user ${owner} has ${what}, and only the token ${subject} lacks it (privilege separation); as root on a node: \`${grant}\`.`;
  }
  const both = sameSet(token, user) && short.length === missing.length;
  const line = both
    ? grantLine({ path, privileges: missing, subjects: [owner, subject], held: token })
    : `${grantLine({ path, privileges: short, subjects: [owner], held: user })}; ${grant}`;
  return `Neither the token ${subject} nor its user ${owner} has ${what}; as root on a node: \`${line}\`.`;
}

const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name));
