// The limit of the benchmark: the same listing from a few lines of Bun, without any SDK.

const identity = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "limit", version: "0" },
};

export async function serve(tools: unknown): Promise<void> {
  let rest = "";
  for await (const chunk of Bun.stdin.stream().pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { id, method } = JSON.parse(line);
      if (id === undefined) continue;
      const result = method === "initialize" ? identity : { tools };
      process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
    }
  }
}
