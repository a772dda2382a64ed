// Owns the serving of one connection over stdio, from its start to its end.
import type { Readable, Writable } from "node:stream";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import manifest from "../../package.json" with { type: "json" };
import type { Policy } from "../toolkit/gate.ts";
import { createLog, type LogLevel } from "./log.ts";
import { createServer, type Served } from "./mcp-server.ts";
import { StdioTransport } from "./stdio.ts";

/** How long calls that were given up may take back what they did, in milliseconds. */
const farewell = 9_000;

export interface Serving extends Pick<Served, "listing" | "call"> {
  readonly policy: Policy;
  /** Whether the settings leave tools out. */
  readonly narrowed: boolean;
  readonly demo: boolean;
  readonly logLevel: LogLevel;
  /** Texts that no line of the log may hold. */
  readonly secrets: readonly string[];
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** Resolves when the connection has ended: the host closed stdin, or the process was told to stop. */
export async function serve(serving: Serving): Promise<void> {
  const { policy, narrowed, demo, logLevel, secrets, listing, call, stdin, stdout } = serving;
  const log = createLog({ level: logLevel, secrets });
  const running = new Set<Promise<unknown>>();
  const served: Served = {
    name: demo ? "proxmox-mcp-demo" : "proxmox-mcp",
    title: demo ? "Proxmox VE (demo cluster)" : "Proxmox VE",
    version: manifest.version,
    mode: { demo, narrowed, readOnly: policy.readOnly, elevated: policy.elevated },
    listing,
    async call(tool, given, caller) {
      const entry = log.begin(tool, given);
      const answering = call(tool, given, { ...caller, onRequest: entry.request, onCommand: entry.command });
      running.add(answering);
      const answer = await answering.finally(() => running.delete(answering));
      if (answer) entry.end(answer);
      return answer;
    },
  };
  const transport = new StdioTransport(stdin, stdout);
  const ended = new Promise<void>((resolve) => {
    transport.onended = resolve;
  });
  const handle = serveStdio(() => createServer(served), {
    transport,
    onerror: log.problem,
  });
  const stop = () => void handle.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  await ended;
  // calls that were given up take back what they can: a command is ended on its node, a frozen guest is thawed
  await Promise.race([Promise.allSettled(running), new Promise((resolve) => setTimeout(resolve, farewell))]);
  await log.written();
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}
