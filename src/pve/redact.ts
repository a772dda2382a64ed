// Owns what is taken out of PVE's sentences before anyone reads them: the secrets that we sent.
import type { WireValue } from "../schema/check.ts";
import { isSecret } from "../schema/secret.ts";

/** PVE's own mark for a value that it doesn't show. */
const HIDDEN = "**********";

/** The secret in an Authorization header; what stands before it names the token and may be shown. */
export function secretOf(authorization: string): string {
  return authorization.slice(authorization.lastIndexOf("=") + 1);
}

/** The user or token that an Authorization header names, `user@realm!name`. */
export function subjectOf(authorization: string): string | undefined {
  return /^PVEAPIToken[= ]([^\s=]+@[^\s=]+)=/.exec(authorization)?.[1];
}

/** Every secret of a request, as it might be repeated in an answer: as it is, and as it went on the wire. */
export function secretsOf(authorization: string, values: Readonly<Record<string, WireValue>>): string[] {
  return inEveryForm([authorization, secretOf(authorization), ...secretsIn(values)]);
}

/** The values that stand under the name of a secret. */
export function secretsIn(values: Readonly<Record<string, unknown>>): string[] {
  const secret = Object.entries(values).filter(([name]) => isSecret(name));
  return secret.flatMap(([, value]) => (Array.isArray(value) ? value : [value])).map(String);
}

/** A very short one would tear holes into innocent words and hides nothing. */
export function inEveryForm(secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret.length >= 4).flatMap((secret) => [secret, encodeURIComponent(secret)]);
}

export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}
