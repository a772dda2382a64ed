// A bare Bun.serve with the SDK and a listing from a file: what the service's pace is measured against.
import { readFileSync } from "node:fs";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";

const { tools } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const handler = createMcpHandler(() => {
  const server = new Server({ name: "bare", version: "1.0.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({ tools }));
  return server;
});
const { port } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => handler.fetch(request) });
process.stderr.write(`on http://127.0.0.1:${port}/mcp\n`);
