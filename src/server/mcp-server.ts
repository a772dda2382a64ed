// Owns the MCP side: one factory that serves every protocol version, tools/list from memory, tools/call through one function.
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from "@modelcontextprotocol/server";
import { quotedLines } from "../pve/quote.ts";
import { type Answer, isError } from "../toolkit/answer.ts";
import type { Caller } from "../toolkit/call.ts";
import type { ListedTool } from "../toolkit/listing.ts";
import { instructionsFor, type Mode } from "./instructions.ts";
import { createRecent, type Recent } from "./recent.ts";
import { structured, textOf } from "./text.ts";

/** What is served. Nothing of it is asked for before a request needs it. */
export interface Served {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** How the server runs for this connection: what the instructions, the prompts and the resources fit. */
  readonly mode: Mode;
  readonly listing: readonly ListedTool[];
  /** Calls a tool by its name; `undefined` when there is no such tool. */
  call(tool: string, given: Readonly<Record<string, unknown>>, caller: Caller): Promise<Answer | undefined>;
}

/** What every tool answers with; lean, since hosts hand it to models. */
const outputSchema = {
  type: "object" as const,
  properties: {
    outcome: { type: "string" },
    summary: { type: "string" },
    rows: { type: "array", items: { type: "object" } },
    record: { type: "object" },
    lines: { type: "array", items: { type: "string" } },
    changes: { type: "array", items: { type: "object" } },
    reason: { type: "array", items: { type: "string" } },
    notes: { type: "array", items: { type: "string" } },
    task: { type: "object" },
  },
  required: ["outcome", "summary"],
};

/** A server instance of one connection or request, for `serveStdio` and `createMcpHandler` alike. */
export function createServer(served: Served, recent = createRecent()): Server {
  const { name, title, version, mode } = served;
  const instructions = instructionsFor(mode);
  const server = new Server({ name, title, version }, { capabilities, instructions });
  const tools = served.listing.map((tool) => ({ ...tool, outputSchema }));
  server.setRequestHandler("tools/list", () => ({ tools }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const answer = await served.call(params.name, params.arguments ?? {}, callerOf(context));
    if (!answer) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
    if (!isError(answer)) recent.used(params.arguments?.vmid);
    return {
      content: [{ type: "text", text: textOf(answer, Date.now()) }],
      structuredContent: structured(answer),
      isError: isError(answer),
    };
  });
  setOfferHandlers(server, served, recent);
  return server;
}

const capabilities = { tools: {}, prompts: {}, resources: {}, completions: {} };

/** Prompts, resources and completions: what they need is loaded with the first request for it. */
function setOfferHandlers(server: Server, served: Served, recent: Recent): void {
  server.setRequestHandler("prompts/list", async () => {
    const { listedPrompts } = await import("./prompts/offered.ts");
    return { prompts: listedPrompts(served) };
  });
  server.setRequestHandler("prompts/get", async ({ params }) => {
    const { promptNamed } = await import("./prompts/offered.ts");
    return promptNamed(params.name, params.arguments ?? {}, served);
  });
  server.setRequestHandler("resources/list", async () => {
    const { listedResources } = await import("./resources/listed.ts");
    return { resources: listedResources(served) };
  });
  server.setRequestHandler("resources/templates/list", async () => {
    const { listedTemplates } = await import("./resources/listed.ts");
    return { resourceTemplates: listedTemplates(served) };
  });
  server.setRequestHandler("resources/read", async ({ params: { uri } }, context) => {
    if (uri.startsWith("skill://")) return (await import("./resources/skills.ts")).readSkill(uri);
    const { readResource } = await import("./resources/read.ts");
    const read = await readResource(uri, served, callerOf(context));
    recent.used(/^pve:\/\/guests\/([^/]+)$/.exec(uri)?.[1]);
    return read;
  });
  server.setRequestHandler("completion/complete", async ({ params }, context) => {
    const { completionFor } = await import("./completions.ts");
    return { completion: await completionFor(params, { served, recent, caller: callerOf(context) }) };
  });
}

/** The host's cancellation, and its progress when it asked for it (MCP 2025-11-25, Progress). */
function callerOf({ mcpReq }: ServerContext): Caller {
  const token = mcpReq._meta?.progressToken;
  if (token === undefined) return { signal: mcpReq.signal };
  return {
    signal: mcpReq.signal,
    onProgress: (line, progress) => {
      const params = { progressToken: token, progress, message: quotedLines([line]) };
      const notification = { method: "notifications/progress", params };
      mcpReq.notify(notification).catch(() => {});
    },
  };
}
