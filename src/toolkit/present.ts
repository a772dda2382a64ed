// Owns how PVE's data becomes an answer: rows, a record or lines, the fields that are shown, and the line above them.
import type { PveAnswer } from "../pve/client.ts";
import { quoted } from "../pve/quote.ts";
import type { TaskEnd } from "../pve/tasks.ts";
import { parseUpid } from "../pve/upid.ts";
import type { Answer, Row } from "./answer.ts";
import { startsTask } from "./arguments.ts";
import type { Ground, Operation } from "./operation.ts";
import type { Tool } from "./tool.ts";

/** The answer to a request that PVE carried out at once. */
export async function presented(tool: Tool, operation: Operation, answer: PveAnswer, ground: Ground): Promise<Answer> {
  const empty = answer.data === null || answer.data === undefined;
  if (empty && ground.endpoint.method === "GET") {
    return { outcome: "ok", summary: `${tool.title}: PVE answered with no data`, notes: [noData] };
  }
  if (startsTask(ground.endpoint) && !isResult(answer.data)) return withoutTask(tool);
  const inner = errorWithin(answer.data);
  if (inner !== undefined)
    return { outcome: "error", kind: "refused", summary: `${tool.title}: failed`, reason: [inner] };
  const special = (await operation.present?.(answer.data, ground)) ?? {};
  const data = special.rows ?? special.record ?? special.lines ?? answer.data;
  const shaped = shapeOf(data, operation.fields?.split(" "));
  const count = shaped.rows?.length ?? shaped.lines?.length;
  const { units } = operation;
  const head = { outcome: "ok", summary: doneLine(tool, operation, ground, count), ...(units && { units }) } as const;
  return { ...head, ...shaped, ...special, ...shaped };
}

/** What the guest's agent says under a 200 when it failed (facts 54). */
function errorWithin(data: unknown): string | undefined {
  const result = isRow(data) ? data.result : undefined;
  const error = isRow(result) ? result.error : undefined;
  if (!isRow(error)) return undefined;
  return String(error.desc ?? error.class ?? JSON.stringify(error));
}

const noData = "That isn't an empty list: PVE has nothing to say of it, such as the state of a guest that is stopped.";

/** What stands for itself: a text that is no UPID in name either (the volume id of an upload, say), or what an operation made. */
const isResult = (data: unknown): boolean =>
  typeof data === "string" ? !data.startsWith("UPID:") : data !== null && data !== undefined;

/** PVE said 200 and named no task where it names one: nothing proves that anything was done (facts 55). */
function withoutTask(tool: Tool): Answer {
  return {
    outcome: "error",
    kind: "unknown-fate",
    summary: `${tool.name}: PVE took the request and named no task`,
    reason: [
      "So it is not known whether it was carried out.",
      "Look at the state of what it was about before calling again.",
    ],
  };
}

/** What an operation shows beside the end of its task, with the fields that it names alone. */
export function picked(shown: Partial<Answer>, { fields }: Operation): Partial<Answer> {
  const data = shown.rows ?? shown.record;
  return { ...shown, ...shapeOf(data, fields?.split(" ")) };
}

/** Data in one of the three shapes that an answer has. Nothing (PVE's null) is no data. */
function shapeOf(data: unknown, fields: readonly string[] | undefined): Pick<Answer, "rows" | "record" | "lines"> {
  if (data === null || data === undefined) return {};
  if (Array.isArray(data)) {
    const rows = data.filter(isRow);
    if (rows.length < data.length)
      return { lines: data.map((item) => (typeof item === "string" ? item : JSON.stringify(item))) };
    return { rows: rows.map((row) => pick(row, fields)) };
  }
  return { record: isRow(data) ? pick(data, fields) : { result: data } };
}

/** Whether a value is a JSON object. */
export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The named fields that are there, in the order asked for; all of them, by name, when none are asked for. `net*` stands
 * for net0, net1 …, and `*` for all that aren't named.
 */
function pick(row: Row, fields: readonly string[] = ["*"]): Row {
  const names = fields.some((field) => field.endsWith("*")) ? spelledOut(row, fields) : fields;
  return Object.fromEntries(names.flatMap((name) => (isShown(row[name]) ? [[name, row[name]]] : [])));
}

function spelledOut(row: Row, fields: readonly string[]): string[] {
  const all = Object.keys(row).sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  const isOf = (field: string, name: string) =>
    name.startsWith(field.slice(0, -1)) && /^\d+$/.test(name.slice(field.length - 1));
  const named = (name: string) => fields.some((field) => field === name || (field.endsWith("*") && isOf(field, name)));
  return fields.flatMap((field) => {
    if (field === "*") return all.filter((name) => !named(name));
    return field.endsWith("*") ? all.filter((name) => isOf(field, name)) : [field];
  });
}

const isShown = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** The operation's own line with its values in place, or the tool's title and action. */
export function doneLine(tool: Tool, operation: Operation, ground: Ground, count?: number): string {
  const template = operation.done ?? `${tool.title}: done`;
  return (count === 1 ? oneOf(template) : template).replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "count") return String(count ?? 0);
    if (name === "guest") return guestName(ground);
    return quoted(String(ground.values[name] ?? ""));
  });
}

/** `{count} network interfaces of …` for a single one: `{count} network interface of …`. */
function oneOf(template: string): string {
  return template.replace(
    /(\{count\} (?:\S+ )*?\S+?)(ies|sses|ses|xes|s)(?=$| (?:of|on|in|for|from|at|with|that|logged|to|were)\b)/,
    (_, stem: string, ending: string) => stem + (singular[ending] ?? ""),
  );
}

const singular: Readonly<Record<string, string>> = { ies: "y", sses: "ss", ses: "s", xes: "x", s: "" };

/** `VM 105 (web-03)`, `container 200`. */
export function guestName({ guest, values }: Ground): string {
  if (!guest) return `guest ${values.vmid}`;
  const kind = guest.type === "lxc" ? "container" : "VM";
  return `${kind} ${guest.vmid}${guest.name ? ` (${quoted(guest.name)})` : ""}`;
}

/** What became of a task: done, done with warnings, failed, or still running when the waiting ended. */
export function taskAnswer(toolName: string, done: string, end: TaskEnd, ground: Ground): Answer {
  // the last line of a failed task's log only repeats its exit status
  const log = end.state === "ok" ? [] : end.log.filter((line) => line !== `TASK ERROR: ${end.exitstatus}`);
  const task = {
    upid: end.upid,
    ...(end.exitstatus === undefined ? {} : { exitstatus: end.exitstatus }),
    ...(log.length > 0 ? { log } : {}),
  };
  switch (end.state) {
    case "ok":
      return { outcome: "ok", summary: done, task };
    case "warnings":
      return { outcome: "warnings", summary: `${done}, with warnings (${end.exitstatus})`, task };
    case "running":
      return {
        outcome: "running",
        summary: `${toolName}: the task was started and is still running`,
        ...subjectOf(end.upid, ground),
        notes: [
          `It goes on in PVE whatever happens here. proxmox_node_task action=get upid=${end.upid} tells its end; ` +
            "calling again would start a second task.",
        ],
        task,
      };
    case "failed":
      return {
        outcome: "failed",
        summary: `${toolName}: the task failed`,
        ...subjectOf(end.upid, ground),
        reason: [end.exitstatus ?? "unknown"],
        kind: "task-failed",
        task,
      };
  }
}

/** What a task is about, as its UPID has it, and the number of a new guest that was chosen on the way. */
function subjectOf(upid: string, { values: { newid } }: Ground): Pick<Answer, "record"> {
  const { node, type, id } = parseUpid(upid) ?? {};
  return node === undefined ? {} : { record: { node, type, ...(id ? { id } : {}), ...(newid ? { newid } : {}) } };
}
