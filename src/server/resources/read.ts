// Owns how a resource is read: its parts by tool calls, each under its share of one answer's budget, as text and as JSON.
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { escaped } from "../../pve/quote.ts";
import { type Answer, isError } from "../../toolkit/answer.ts";
import { answerBudget } from "../../toolkit/budget.ts";
import type { Caller } from "../../toolkit/call.ts";
import { isCallListed } from "../listed-call.ts";
import type { Served } from "../mcp-server.ts";
import { structured, textOf } from "../text.ts";
import { isOffered } from "./listed.ts";
import { type Part, type PveResource, resourceAt } from "./resource.ts";

/** Hosts hand a reader both forms at once: together they take what one answer of a tool may take. */
const budget = answerBudget / 2;

interface Told {
  readonly part: Part;
  readonly answer: Answer;
}

type Offering = Pick<Served, "listing" | "call">;

/**
 * resources/read of what PVE has.
 * @throws ProtocolError where nothing is there, or it can't be read
 */
export async function readResource(uri: string, served: Offering, caller: Caller) {
  const { resource, values } = resourceAt(uri) ?? {};
  if (!resource || !isOffered(resource, served)) throw new ResourceNotFoundError(uri);
  const [first, ...others] = resource.parts;
  const main = await told(first, values ?? {}, resource, served, caller);
  const mayFollow = main.answer.kind === "forbidden";
  if (!mayFollow) refuse(uri, main.answer);
  const known = { ...values, ...identityIn(main.answer) };
  const listed = others.filter((part) => isCallListed(part, served.listing) && isKnown(part, known));
  const rest = await Promise.all(listed.map((part) => told(part, known, resource, served, caller)));
  if (mayFollow && !rest.some(({ answer }) => tellsSomething(answer))) refuse(uri, main.answer);
  const missing = others.filter((part) => !isCallListed(part, served.listing));
  const all = withoutRepeats([main, ...rest]);
  return {
    contents: [
      { uri, mimeType: "text/plain", text: textForm(uri, resource, all, missing) },
      { uri, mimeType: "application/json", text: jsonForm(uri, all, missing) },
    ],
  };
}

async function told(
  part: Part,
  values: Readonly<Record<string, string>>,
  { parts }: PveResource,
  served: Offering,
  caller: Caller,
): Promise<Told> {
  const whole = parts.reduce((sum, { share }) => sum + share, 0);
  const given = Object.fromEntries(Object.entries(part.given).map(([name, text]) => [name, filled(text, values)]));
  const answer = await served.call(part.tool, given, { ...caller, budget: (budget * part.share) / whole });
  return { part, answer: answer ?? { outcome: "error", summary: `there is no tool ${part.tool}` } };
}

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");

const isKnown = ({ given }: Part, values: Readonly<Record<string, string>>): boolean =>
  Object.values(given).every((text) => [...text.matchAll(/\{(\w+)\}/g)].every(([, name = ""]) => name in values));

/** An empty list is no sign that there is anything: of what isn't there PVE lists nothing too. */
const tellsSomething = (answer: Answer): boolean =>
  !isError(answer) && (answer.record !== undefined || (answer.rows ?? answer.lines ?? []).length > 0);

/** Where a guest is and its number, for the parts that ask for its node. */
function identityIn({ record = {} }: Answer): Record<string, string> {
  const { node, vmid } = record;
  return { ...(typeof node === "string" && { node }), ...(vmid !== undefined && { vmid: String(vmid) }) };
}

function refuse(uri: string, answer: Answer): void {
  if (answer.rows?.length === 0) throw new ResourceNotFoundError(uri);
  if (!isError(answer)) return;
  const why = textOf(answer, 0);
  if (answer.kind === "missing") throw new ResourceNotFoundError(uri, why);
  // A name that two guests have is a wrong argument, and no fault of the server.
  const isAsked = answer.kind === "arguments" || answer.kind === "conflict";
  const code = isAsked ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  throw new ProtocolError(code, why);
}

/** A note that an earlier part has told isn't told again. */
function withoutRepeats(all: readonly Told[]): readonly Told[] {
  const before = new Set<string>();
  return all.map(({ part, answer }) => {
    const { notes = [], ...rest } = answer;
    const fresh = notes.filter((note) => !before.has(note));
    for (const note of fresh) before.add(note);
    return { part, answer: fresh.length > 0 ? { ...rest, notes: fresh } : rest };
  });
}

function textForm(uri: string, { title }: PveResource, all: readonly Told[], missing: readonly Part[]): string {
  const now = Date.now();
  return [
    `# ${title}: ${escaped(uri)}`,
    ...all.map(({ part, answer }) => `## ${part.title}\n${textOf(answer, now)}`),
    ...(missing.length > 0 ? [`Left out, since these tools aren't enabled here: ${toolsOf(missing).join(", ")}.`] : []),
  ].join("\n\n");
}

function jsonForm(uri: string, all: readonly Told[], missing: readonly Part[]): string {
  const parts = Object.fromEntries(all.map(({ part, answer }) => [part.name, structured(answer)]));
  return JSON.stringify({ uri, ...parts, ...(missing.length > 0 && { leftOut: toolsOf(missing) }) });
}

const toolsOf = (parts: readonly Part[]): string[] => [...new Set(parts.map(({ tool }) => tool))];
