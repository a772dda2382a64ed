// Owns what a fault on demand is: its kind, which calls it meets, and how that is written in one line.

/** Kind → what happens to the call that it meets. */
export const faultKinds = {
  latency: "the answer comes later, by ms",
  "595": "the node that should answer can't be reached; the request has no effect",
  "596": "the connection behind the proxy breaks; the request has no effect",
  "reset-before": "the connection breaks before the request takes effect",
  "reset-after": "the connection breaks after the request took effect",
  cut: "the request takes effect, the body of the answer breaks off in the middle",
  "no-json": "the request takes effect, the answer is 200 with a page of HTML",
  "401": "the token isn't taken, as when it was just removed",
  "lock-timeout": "500: a lock wasn't to be had in time",
  "task-fails": "the task ends with an error after its first step",
  "task-warns": "the task does its work and ends with a warning",
  "task-hangs": "the task stops after its first step and never ends by itself",
} as const;

export type FaultKind = keyof typeof faultKinds;

export interface FaultRule {
  kind: FaultKind;
  /** GET, POST, PUT or DELETE; any unless told. */
  method?: string;
  /** A path without /api2/json; `*` stands for one part of it. It means all below it as well. */
  path?: string;
  /** The nth of the calls that fit, counted from 1. */
  nth?: number;
  /** Every nth of them. */
  every?: number;
  /** At most so many times. */
  times?: number;
  /** This part of them, 0 to 1, drawn from `seed` (1 unless told). */
  rate?: number;
  seed?: number;
  /** Milliseconds of simulated time before the answer; 1000 for `latency` unless told. */
  ms?: number;
  /** The text, where the fault has one: a reason phrase, an error, a warning. */
  text?: string;
}

const numbers: readonly string[] = ["nth", "every", "times", "rate", "seed", "ms"];

/** Reads `kind,key=value,…`; `text` takes the rest of the line. Gives a rule, or what is wrong with the line. */
export function parseFault(line: string): FaultRule | { problem: string } {
  const [, kind = "", rest = ""] = /^([^,]*),?(.*)$/s.exec(line) ?? [];
  if (!isKind(kind)) return { problem: `unknown fault ${JSON.stringify(kind)}: one of ${kinds().join(", ")}` };
  const [, pairs = "", , text] = /^(.*?)(?:(?:^|,)(text)=(.*))?$/s.exec(rest) ?? [];
  const rule: FaultRule = { kind, ...(text === undefined ? {} : { text }) };
  for (const pair of pairs.split(",").filter((part) => part !== "")) {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    const problem = set(rule, name, value);
    if (problem !== undefined) return { problem };
  }
  return rule;
}

function set(rule: FaultRule, name: string, value: string): string | undefined {
  if (name === "method" && /^(?:GET|POST|PUT|DELETE)$/i.test(value)) rule.method = value.toUpperCase();
  else if (name === "path" && value.startsWith("/")) rule.path = value;
  else if (numbers.includes(name)) return setNumber(rule, name, value);
  else if (name === "method") return "method is GET, POST, PUT or DELETE";
  else if (name === "path") return "path begins with / and stands without /api2/json";
  else return `a fault knows ${["method", "path", ...numbers, "text"].join(", ")}, not ${JSON.stringify(name)}`;
  return undefined;
}

function setNumber(rule: FaultRule, name: string, value: string): string | undefined {
  const number = Number(value);
  const counts = name === "nth" || name === "every" || name === "times";
  const fits = counts ? Number.isInteger(number) && number >= 1 : name !== "rate" || number <= 1;
  if (value === "" || Number.isNaN(number) || number < 0 || !fits) {
    return `${name} is ${counts ? "a whole number from 1 on" : name === "rate" ? "between 0 and 1" : "a number"}`;
  }
  Object.assign(rule, { [name]: number });
  return undefined;
}

function isKind(text: string): text is FaultKind {
  return Object.hasOwn(faultKinds, text);
}

const kinds = () => Object.keys(faultKinds);
