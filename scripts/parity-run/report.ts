// Owns what the run prints: a line an operation, why where it isn't right, and the sum.
import { isGood, type Verdict } from "./judge.ts";
import type { Proof } from "./line.ts";

/** Nothing is wrong with it, and its effect is known. */
export const isProven = (proof: Proof): boolean =>
  !proof.missing && proof.verdicts.every(isGood) && (!changes(proof) || hasEffect(proof) || isTraceless(proof));

const changes = ({ line }: Proof): boolean => !line.endpoints.every((key) => key.startsWith("GET "));
const hasEffect = ({ known }: Proof): boolean => known.effect !== undefined || known.effects?.required !== undefined;
const isTraceless = ({ known }: Proof): boolean => known.traceless !== undefined || known.ends !== undefined;

export function lineText(proof: Proof): string {
  const { line, verdicts, known } = proof;
  if (proof.missing) return `MISSING ${line.label}`;
  const state = isProven(proof) ? "ok     " : "WRONG  ";
  const calls = verdicts.map((verdict) => `${verdict.call}${isGood(verdict) ? "" : " ✗"}`).join(", ");
  const effect = !changes(proof)
    ? ""
    : hasEffect(proof)
      ? ", effect"
      : isTraceless(proof)
        ? ", no trace"
        : ", NO EFFECT KNOWN";
  const reached = (known.reaches?.endpoints ?? line.endpoints).join(" + ");
  const wrong = verdicts.filter((verdict) => !isGood(verdict)).flatMap(reasons);
  return [`${state} ${line.label}  ${reached || line.endpoint}  (${calls}${effect})`, ...wrong].join("\n");
}

function reasons({ call, unreached, refused, faults, without }: Verdict): string[] {
  return [
    ...faults.map((fault) => `the answer ${indented(fault)}`),
    ...unreached.map((key) => `not reached: ${key}`),
    ...refused.map((request) => `refused: ${indented(request)}`),
    ...without.map((lack) => `not there afterwards: ${lack}`),
  ].map((reason) => `         ${call}: ${reason}`);
}

const indented = (text: string): string => text.trim().replaceAll("\n", "\n           ");

export function sumText(proofs: readonly Proof[]): string {
  const called = proofs.filter(({ missing }) => !missing);
  const missing = proofs.length - called.length;
  const all = called.flatMap(({ verdicts }) => verdicts);
  const changing = called.filter(changes);
  const traceless = changing.filter((proof) => !hasEffect(proof) && isTraceless(proof));
  const read = changing.filter(
    (proof) => hasEffect(proof) && proof.verdicts.every(({ without }) => without.length === 0),
  );
  const refused = all.reduce((sum, verdict) => sum + verdict.refused.length, 0);
  const right = called.filter(({ verdicts }) => verdicts.every(({ unreached }) => unreached.length === 0));
  const answered = called.filter(({ verdicts }) => verdicts.every(({ faults }) => faults.length === 0));
  return [
    `${proofs.length} operations: ${called.length} called (${all.length} calls), ${missing} missing`,
    `right endpoint: ${right.length} of ${called.length}`,
    `refused requests: ${refused}`,
    `answered as it should: ${answered.length} of ${called.length}`,
    `effect read back: ${read.length} of ${changing.length} that change something (${traceless.length} leave nothing to read), ${called.length - changing.length} only read`,
    `proven: ${proofs.filter(isProven).length}`,
  ].join("\n");
}
