// Owns which prompts a session has, and their text: what can be followed with the tools that are listed.
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { escaped, quoted } from "../../pve/quote.ts";
import { isCallListed } from "../listed-call.ts";
import type { Served } from "../mcp-server.ts";
import { clusterPrompts } from "./clusters.ts";
import { guestPrompts } from "./guests.ts";
import type { Prompt, Step } from "./prompt.ts";

export const prompts: readonly Prompt[] = [...guestPrompts, ...clusterPrompts];

type Offering = Pick<Served, "listing" | "mode">;

/** prompts/list: those of which every call that may be made has its tool. */
export function listedPrompts(served: Offering) {
  return offered(served).map(({ name, title, description, arguments: all }) => ({
    name,
    title,
    description,
    arguments: all.map((one) => ({ name: one.name, description: one.description, required: one.required ?? false })),
  }));
}

export function offered({ listing, mode }: Offering): readonly Prompt[] {
  return prompts.filter(({ steps }) => parted(steps, mode.readOnly).calls.every((step) => isCallListed(step, listing)));
}

/** Read-only, everything from the first change on is left to a person. */
function parted(steps: readonly Step[], readOnly: boolean): { calls: readonly Step[]; left: readonly Step[] } {
  const first = readOnly ? steps.findIndex(({ changes }) => changes) : -1;
  if (first < 0) return { calls: steps, left: [] };
  return { calls: steps.slice(0, first), left: steps.slice(first).filter(({ changes }) => changes) };
}

/**
 * prompts/get.
 * @throws ProtocolError for a prompt that isn't offered, and for arguments that are missing
 */
export function promptNamed(name: string, given: Readonly<Record<string, string>>, served: Offering) {
  const prompt = offered(served).find((one) => one.name === name);
  if (!prompt) throw wrong(`Unknown prompt: ${name}`);
  const absent = prompt.arguments.filter(({ name: one, required }) => required && !oneLine(given[one]));
  if (absent.length > 0) throw wrong(`${name} needs ${absent.map((one) => one.name).join(" and ")}`);
  const values = Object.fromEntries(prompt.arguments.map((one) => [one.name, oneLine(given[one.name]) || one.usually]));
  const text = textOf(prompt, values, served.mode);
  return {
    description: prompt.description,
    messages: [{ role: "user" as const, content: { type: "text" as const, text } }],
  };
}

/** An argument is a word or a few, and no step of its own. */
const oneLine = (text = ""): string => escaped(text.replaceAll(/\s+/g, " ").trim());

const wrong = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);

type Values = Readonly<Record<string, string | undefined>>;

function textOf({ task, steps, end }: Prompt, values: Values, { readOnly, elevated }: Offering["mode"]): string {
  const { calls, left } = parted(steps, readOnly);
  const words = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value && quoted(value)]));
  const said = (text: string) => filled(text, words) ?? text;
  const line = (step: Step, place: number) => {
    const mark = step.changes ? "🔒 " : "";
    return `${place + 1}. ${mark}${said(step.what)}: ${step.tool} ${callOf(step, values, steps)}`;
  };
  return [
    said(task),
    "",
    "Step by step, each after a look at the answer before it. `<x of step n>` is what that answer has under x: choose where it has several.",
    ...(calls.some(({ changes }) => changes) ? [elevated ? onlyAfterSuccess : refused] : []),
    "",
    ...calls.map(line),
    ...(left.length > 0 ? ["", leftToPerson, ...left.map(({ what }) => `- ${said(what)}`)] : []),
    "",
    end,
  ].join("\n");
}

const refused =
  "🔒 is refused here until the operator sets PROXMOX_ALLOW_ELEVATED=true: stop there, and say what is left to do.";
const onlyAfterSuccess =
  "🔒 changes something: do it only when nothing speaks against it, and where one fails, stop and say why.";
const leftToPerson = "This server is read-only, so this is left to a person. Say with which values:";

/** The call's arguments as JSON; what stands for an argument that isn't given is left out. */
function callOf({ given }: Step, values: Values, steps: readonly Step[]): string {
  const entries = Object.entries(given).flatMap(([name, text]) => {
    const value = filled(text, values);
    return value === undefined ? [] : [[name, referring(value, text, steps)]];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** `{name}` with the argument in its place; `undefined` when it isn't given. */
function filled(text: string, values: Values): string | undefined {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  if (names.some((name) => values[name] === undefined)) return undefined;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}

/** `<field of key>` with the number of that step. Only where the step itself says so: an argument may hold anything. */
function referring(value: string, text: string, steps: readonly Step[]): string {
  const [, field, key] = /^<(\S+) of (\w+)>$/.exec(text) ?? [];
  if (field === undefined) return value;
  return `<${field} of step ${steps.findIndex((step) => step.key === key) + 1}>`;
}
