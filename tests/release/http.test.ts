// docs/http.md's first answer, as it is written, with curl.
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/http.md"), "utf8");
const place = mkdtempSync(join(tmpdir(), "http-walk-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** A port that was free a moment ago. */
function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

test("docs/http.md leads to the first answer", async () => {
  const block = /<!-- walk: first -->\n```sh\n(.*?)```/s.exec(page)?.[1] ?? "";
  const port = String(freePort());
  const lines = block.replace("--http 8080", `--http ${port}`).replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`);
  symlinkSync(join(root, "dist/bin/proxmox-mcp"), join(place, "proxmox-mcp"));
  const env = { PATH: `${place}:${process.env.PATH}`, HOME: place };
  const child = Bun.spawn(["sh", "-e", "-c", `trap 'kill $!' EXIT; ${lines}`], {
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  expect(said).toStartWith("ready\n");
  expect(said).toContain("13 guests");
  expect(code).toBe(0);
}, 30_000);
