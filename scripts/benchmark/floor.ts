// The floor of the benchmark: the MCP SDK's low-level server and nothing else, which serves a listing from memory.

import { Server, type Tool } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

export function serve(tools: Tool[]): void {
  serveStdio(() => {
    const server = new Server({ name: "floor", version: "0.0.0" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools }));
    return server;
  });
}
