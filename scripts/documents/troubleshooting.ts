// Owns the generated part of docs/troubleshooting.md: every kind of error, what it means, and the cures that the program tells.
import { nextStep } from "../../src/pve/advice.ts";
import { type PveErrorKind, pveErrorKinds } from "../../src/pve/errors.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import { pageWith } from "./marks.ts";
import { type Said, said } from "./said.ts";

type Kind = NonNullable<Answer["kind"]>;

/** Kinds that are decided before PVE is asked, or inside a container. */
const own = {
  settings:
    "The settings are wrong or missing. Each line names a setting and what it takes; `proxmox-mcp doctor` looks at all of them.",
  arguments:
    "The arguments of the call don't fit. Each line names one, and nothing was sent: correct it and call again.",
  command: "A command in a container ended with another code than 0. Its own output says why.",
} as const satisfies Readonly<Record<Exclude<Kind, PveErrorKind>, string>>;

const meanings: Readonly<Record<PveErrorKind, string>> = {
  unreachable: "No answer came from the node that is asked.",
  tls: "The node's certificate isn't accepted, or there is no TLS. Nothing was sent, no token either.",
  unauthorised: "PVE doesn't take the token.",
  forbidden:
    "The token is taken and may not do this. `proxmox-mcp doctor` lists every operation that it may not do, and the role that it needs.",
  invalid: "PVE refuses a parameter.",
  missing: "What is named isn't there.",
  exists: "What is to be made is there already.",
  locked: "Something else works on it.",
  conflict: "Its state doesn't allow it.",
  unsupported: "This PVE, host, storage or guest doesn't have it.",
  "node-down": "The node that is asked can't reach the node that should answer.",
  "no-quorum": "Fewer than half of the nodes see each other.",
  "task-failed": "PVE started a task, and the task failed.",
  timeout: "It took longer than PVE or this program waits.",
  cancelled: "The client gave the call up.",
  "unknown-fate": "A change was sent, and no answer came back: it may have taken effect.",
  bug: "The answer makes no sense.",
  refused: "PVE refuses it for a reason of its own.",
};

export function troubleshootingDocument(): string {
  return pageWith("docs/troubleshooting.md", { kinds: kindsText() });
}

function kindsText(): string {
  const ours = Object.entries(own).map(([kind, text]) => `### ${kind}\n\n${text}`);
  return [...ours, ...pveErrorKinds.map(chapter)].join("\n\n");
}

/** A kind with the sentences of PVE that have a cure of their own; one cure stands for all that say nothing special. */
function chapter(kind: PveErrorKind): string {
  const rows = said
    .filter((one) => one.kind === kind)
    .map((one) => `| ${cell(`\`${one.text}\``)} | ${cell(cureOf(one))} |`);
  const table = rows.length === 0 ? [] : ["", "| When it says | What to do |", "| --- | --- |", ...rows];
  const cure = rows.length === 0 ? `${meanings[kind]} ${nextStep({ kind, text: "" })}` : meanings[kind];
  return [`### ${kind}`, "", cure, ...table].join("\n");
}

const cureOf = ({ kind, text, status, endpoint, values }: Said): string =>
  nextStep({
    kind,
    text,
    subject: "USER@REALM!TOKEN",
    ...(status !== undefined && { status }),
    ...(endpoint && { endpoint }),
    ...(values && { values }),
  });

const cell = (text: string): string => text.replaceAll("|", "\\|");
