import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { record, rows, type Side, side } from "./asking.ts";

const bytes = new Uint8Array([0, 255, 13, 10, 45, 45, 128, 7]);

async function upload(
  { send, simulator, pass, ask }: Side,
  name: string,
  more: Record<string, string> = {},
  token = simulator.tokens.root,
) {
  const form = new FormData();
  form.append("content", "iso");
  for (const [key, value] of Object.entries(more)) form.append(key, value);
  form.append("filename", new Blob([bytes]), name);
  const url = "https://demo:8006/api2/json/nodes/pve1/storage/local/upload";
  const answer = await send(
    new Request(url, { method: "POST", headers: { authorization: `PVEAPIToken=${token}` }, body: form }),
  );
  pass(5000);
  if (typeof answer.data !== "string") return { answer, end: "" };
  return { answer, end: String(record((await ask("GET", `/nodes/pve1/tasks/${answer.data}/status`)).data).exitstatus) };
}

describe("an upload", () => {
  test("becomes a volume of the file's size, byte for byte", async () => {
    const one = side();
    const checksum = createHash("sha256").update(bytes).digest("hex");
    expect((await upload(one, "up.iso", { checksum, "checksum-algorithm": "sha256" })).end).toBe("OK");
    const content = rows((await one.ask("GET", "/nodes/pve1/storage/local/content", { content: "iso" })).data);
    expect(content.find(({ volid }) => volid === "local:iso/up.iso")).toMatchObject({
      size: bytes.length,
      format: "iso",
    });
  });

  test("with another checksum fails in its task, with another ending at once", async () => {
    const one = side();
    const wrong = await upload(one, "up.iso", { checksum: "0".repeat(64), "checksum-algorithm": "sha256" });
    expect(wrong.end).toMatch(/^checksum mismatch: got '[0-9a-f]{64}' != expect '0{64}'$/);
    const { answer } = await upload(one, "up.txt");
    expect([answer.status, answer.errors]).toEqual([400, { filename: "wrong file extension" }]);
  });

  test("without the right is refused by the reason alone", async () => {
    const one = side();
    const { answer } = await upload(one, "up.iso", {}, one.simulator.tokens.auditor);
    expect([answer.status, answer.reason, answer.text]).toEqual([
      403,
      "Permission check failed (/storage/local, Datastore.AllocateTemplate)",
      "",
    ]);
  });
});

describe("a download", () => {
  test("brings a file that there is, once, and says why it can't", async () => {
    const { run } = side();
    const get = (url: string, filename = "d.iso") =>
      run("POST", "/nodes/pve1/storage/local/download-url", { content: "iso", filename, url });
    expect(await get("https://releases.example.test/d.iso")).toBe("OK");
    expect(await get("https://releases.example.test/d.iso")).toBe(
      "refusing to override existing file '/var/lib/vz/template/iso/d.iso'",
    );
    expect(await get("http://127.0.0.1:9/e.iso", "e.iso")).toBe(
      "download failed: Connecting to 127.0.0.1:9... failed: Connection refused.",
    );
  });
});
