// Owns which version of PVE answers, asked once, and the explanation of what that version doesn't have.
import type { WireValue } from "../schema/check.ts";
import { alternativeTo } from "./alternatives.ts";
import type { PveAnswer } from "./answer.ts";
import { PveError } from "./errors.ts";
import type { PveRequest } from "./request.ts";

/** Asks PVE on the way to an explanation. */
type Ask = (request: PveRequest) => Promise<PveAnswer>;

/** PVE's version, `9.1.4`; undefined where it can't be read. */
export type AskVersion = (ask: Ask) => Promise<string | undefined>;

/** Asked when it is first needed, and never again once it was answered. */
export function createVersion(): AskVersion {
  let known: Promise<string | undefined> | undefined;
  return (ask) => {
    known ??= ask({ endpoint: "GET /version", values: {} }).then(
      ({ data }) => versionIn(data),
      () => {
        known = undefined;
        return undefined;
      },
    );
    return known;
  };
}

function versionIn(data: unknown): string | undefined {
  const found = typeof data === "object" && data !== null && "version" in data ? String(data.version) : "";
  return /^\d+\.\d+/.test(found) ? found : undefined;
}

/** Whether an error may come from a PVE that is older than what was asked of it. */
export function isAboutVersion({ kind, status, sentence }: PveError): boolean {
  return (kind === "unsupported" && status === 501) || (kind === "invalid" && /not defined in schema/.test(sentence));
}

/** The same error, saying since when PVE has what was asked for; unchanged where the version isn't to blame. */
export async function explainVersion(
  error: PveError,
  { endpoint: key, values }: PveRequest,
  version: () => Promise<string | undefined>,
): Promise<PveError> {
  const { endpoint, parameterOf } = await import("../schema/registry.ts");
  const at = endpoint(key);
  const late = error.kind === "invalid" ? lateParameters(error, (name) => parameterOf(at, name)?.since, values) : [];
  const since = error.kind === "invalid" ? late[0]?.since : at.since;
  if (since === undefined || since === "8.4") return error;
  const installed = await version();
  if (installed === undefined || !isOlder(installed, since)) return error;
  const next =
    late.length > 0
      ? `This PVE is ${installed}: ${late.map((one) => `${one.name} exists since ${one.since}`).join(", ")}; leave it out, or update PVE.`
      : missingOperation(key, since, installed);
  return new PveError({ ...error, sentence: error.sentence, next, cause: error.cause });
}

function missingOperation(key: PveRequest["endpoint"], since: string, installed: string): string {
  const other = alternativeTo(key);
  const instead = other === undefined ? "update PVE to use it" : `use ${other} instead, or update PVE`;
  return `This PVE is ${installed} and doesn't have ${key}, which exists since PVE ${since}: ${instead}.`;
}

/** The parameters that PVE refused as unknown and that a newer one has. */
function lateParameters(
  { errors = {} }: PveError,
  sinceOf: (name: string) => string | undefined,
  values: Readonly<Record<string, WireValue>>,
): { name: string; since: string }[] {
  return Object.entries(errors)
    .filter(([name, text]) => name in values && /not defined in schema/.test(text))
    .flatMap(([name]) => {
      const since = sinceOf(name);
      return since === undefined || since === "8.4" ? [] : [{ name, since }];
    });
}

/** Whether `9.1.4` is older than `9.2`. */
function isOlder(installed: string, since: string): boolean {
  const [major = 0, minor = 0] = numbers(installed);
  const [wantedMajor = 0, wantedMinor = 0] = numbers(since);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

const numbers = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10));
