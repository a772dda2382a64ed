// Owns the command `demo`: a story on the embedded cluster, played by a real MCP client over the wire of `serve --demo`.
import { PassThrough } from "node:stream";
import { Client } from "@modelcontextprotocol/client";
import manifest from "../../package.json" with { type: "json" };
import { serve } from "../server/serve.ts";
import { StdioTransport } from "../server/stdio.ts";
import type { Context } from "./command.ts";
import { toolsFor } from "./served.ts";
import { createVm, type Step, type Story } from "./story.ts";

/** Prints each call and its answer. Exit code 1 when the state at the end isn't the one that the story promises. */
export async function run(context: Context): Promise<number> {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  const tools = await toolsFor(context, true);
  const served = serve({ ...tools, demo: true, logLevel: "error", stdin: toServer, stdout: fromServer });
  const client = new Client({ name: "proxmox-mcp-demo-client", version: manifest.version });
  await client.connect(new StdioTransport(fromServer, toServer));
  try {
    return await play(createVm, client, (line) => context.stdout.write(`${line}\n`));
  } finally {
    await client.close();
    toServer.end();
    await served;
  }
}

async function play(story: Story, client: Client, print: (line: string) => void): Promise<number> {
  print(`“${story.request}”\n`);
  const known: Record<string, unknown> = {};
  for (const step of story.steps) {
    const call = { name: step.tool, arguments: step.given(known) };
    print(`→ ${call.name} ${JSON.stringify(call.arguments)}`);
    const result = await client.callTool(call);
    print(`${indented(textIn(result.content))}\n`);
    const problem = result.isError ? "the call failed" : missing(step, result.structuredContent, known);
    if (problem !== undefined) {
      print(`The demo failed at ${step.tool}: ${problem}.`);
      return 1;
    }
  }
  print(`Done: ${story.end(known)}`);
  return 0;
}

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
