// Owns the command `demo`: stories on the embedded cluster, played by a real MCP client over the wire of `serve --demo`.
import { PassThrough } from "node:stream";
import { Client } from "@modelcontextprotocol/client";
import manifest from "../../package.json" with { type: "json" };
import { serve } from "../server/serve.ts";
import { StdioTransport } from "../server/stdio.ts";
import type { Context } from "./command.ts";
import { toolsFor } from "./served.ts";
import { type Step, type Story, stories } from "./story.ts";

/** Plays the story that is named, or all of them, each on a fresh cluster. Exit code 1 when one doesn't end as it promises. */
export async function run(context: Context): Promise<number> {
  const [name] = context.arguments;
  const chosen = stories.filter((story) => name === undefined || story.name === name);
  if (chosen.length === 0) {
    const { usageLine } = await import("./usage.ts");
    const known = stories.map((story) => story.name);
    context.stderr.write(`${usageLine({ problem: "unknown story", word: name ?? "", known })}\n`);
    return 2;
  }
  for (const story of chosen) {
    const code = await tell(story, context);
    if (code !== 0) return code;
  }
  return 0;
}

async function tell(story: Story, context: Context): Promise<number> {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  const tools = await toolsFor(context, true);
  const served = serve({ ...tools, demo: true, logLevel: "error", stdin: toServer, stdout: fromServer });
  const client = new Client({ name: "proxmox-mcp-demo-client", version: manifest.version });
  await client.connect(new StdioTransport(fromServer, toServer));
  try {
    return await play(story, client, (line) => context.stdout.write(`${line}\n`));
  } finally {
    await client.close();
    toServer.end();
    await served;
  }
}

type Print = (line: string) => void;

async function play(story: Story, client: Client, print: Print): Promise<number> {
  const known: Record<string, unknown> = {};
  if (story.before) {
    print("What happened before:\n");
    if (!(await carriedOut(story.before, client, print, known))) return 1;
  }
  print(`“${story.request}”\n`);
  if (!(await carriedOut(story.steps, client, print, known))) return 1;
  print(`Done: ${story.end(known)}\n`);
  return 0;
}

/** Prints each call and its answer, up to the first that isn't as the story says. */
async function carriedOut(
  steps: readonly Step[],
  client: Client,
  print: Print,
  known: Record<string, unknown>,
): Promise<boolean> {
  for (const step of steps) {
    const call = { name: step.tool, arguments: step.given(known) };
    print(`→ ${call.name} ${JSON.stringify(call.arguments)}`);
    const result = await client.callTool(call);
    const text = textIn(result.content);
    print(`${indented(text)}\n`);
    const problem =
      (result.isError ?? false) !== (step.fails ?? false)
        ? `the call ${step.fails ? "did not fail" : "failed"}`
        : (missing(step, result.structuredContent, known) ?? unsaid(step, text));
    if (problem === undefined) continue;
    print(`The demo failed at ${step.tool}: ${problem}.`);
    return false;
  }
  return true;
}

const unsaid = ({ says }: Step, text: string) => (says && !says.test(text) ? `the answer lacks ${says}` : undefined);

/** Keeps what later steps need, and says what the step's promise lacks. */
function missing(step: Step, answer: unknown, known: Record<string, unknown>): string | undefined {
  const record = isRecord(answer) && isRecord(answer.record) ? answer.record : {};
  Object.assign(known, step.learn?.(record));
  const wrong = Object.entries(step.expect?.(known) ?? {}).filter(([name, value]) => !holds(record[name], value));
  if (wrong.length === 0) return undefined;
  return wrong.map(([name, value]) => `${name} is ${JSON.stringify(record[name])} and not ${value}`).join(", ");
}

const holds = (value: unknown, wanted: unknown) =>
  wanted instanceof RegExp ? wanted.test(String(value)) : value === wanted;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(content: readonly { type: string; text?: string }[]): string {
  return content.flatMap(({ text }) => text ?? []).join("\n");
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
