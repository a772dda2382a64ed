import { describe, expect, test } from "bun:test";
import { initialize, type Message, Peer } from "./peer.ts";

const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const parseError = -32700;
const invalidRequest = -32600;

async function opened(): Promise<Peer> {
  const peer = new Peer(["serve", "--demo"]);
  await initialize(peer, "2025-11-25");
  return peer;
}

/** The error codes that came back to what can't have an id. */
function codes(peer: Peer): (number | undefined)[] {
  return peer.messages.filter(({ id }) => id === null).map(({ error }) => error?.code);
}

/** The session goes on: the next request is answered, and stdout had nothing but JSON-RPC. */
async function expectAlive(peer: Peer): Promise<Message> {
  const answer = await peer.request(77, "tools/list");
  expect(answer.result?.tools).toBeArray();
  expect(peer.foreign).toEqual([]);
  return answer;
}

describe("stdin that is no JSON", () => {
  test.each([
    ["words", "garbage\n"],
    ["half a message", '{"jsonrpc":"2.0","id":1,"meth\n'],
    ["bytes of no text", new Uint8Array([0x00, 0xff, 0xfe, 0x80, 0x0a])],
    ["brackets without end", `${"[".repeat(100_000)}\n`],
    ["20 MB in one line", `${"x".repeat(20_000_000)}\n`],
  ])("%s: a parse error, and the session goes on", async (_, bytes) => {
    await using peer = await opened();
    peer.write(bytes);
    await peer.until(({ id }) => id === null);
    await expectAlive(peer);
    expect(codes(peer)).toEqual([parseError]);
  });

  test("many bad lines get an error each", async () => {
    await using peer = await opened();
    peer.write("bad\n".repeat(50));
    await expectAlive(peer);
    expect(codes(peer)).toEqual(Array.from({ length: 50 }, () => parseError));
  });

  test("is answered before initialize as well", async () => {
    await using peer = new Peer(["serve", "--demo"]);
    peer.write("garbage\n");
    const answer = await peer.answer(null);
    expect(answer.error?.code).toBe(parseError);
    await initialize(peer, "2025-11-25");
    await expectAlive(peer);
  });
});

describe("JSON that is no request", () => {
  test.each(["42", "null", '"text"', "[]", "{}", '{"foo":1}', '{"jsonrpc":"1.0","method":"tools/list","id":1}'])(
    "%s: an invalid request, and the session goes on",
    async (line) => {
      await using peer = await opened();
      peer.write(`${line}\n`);
      const answer = await peer.until(({ error }) => error !== undefined);
      expect(answer.error?.code).toBe(invalidRequest);
      await expectAlive(peer);
    },
  );

  test("a request of a size that nobody means: an error, and the session goes on", async () => {
    await using peer = await opened();
    peer.write(`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":"${"x".repeat(20_000_000)}"}}\n`);
    const answer = await peer.until(({ error }) => error !== undefined);
    expect([invalidRequest, parseError]).toContain(answer.error?.code ?? 0);
    await expectAlive(peer);
  });

  test("an unknown method is told by its id", async () => {
    await using peer = await opened();
    expect((await peer.request(5, "no/such/method")).error?.code).toBe(-32601);
    await expectAlive(peer);
  });

  test("an unknown tool is told by its id", async () => {
    await using peer = await opened();
    const answer = await peer.request(5, "tools/call", { name: "no_such_tool", arguments: {} });
    expect(answer.error?.code).toBe(-32602);
    await expectAlive(peer);
  });
});

describe("a message", () => {
  test("that comes in pieces is put together", async () => {
    await using peer = await opened();
    const line = `${JSON.stringify(list)}\n`;
    for (const piece of line.match(/.{1,7}|\n/g) ?? []) {
      peer.write(piece);
      await Bun.sleep(2);
    }
    expect((await peer.answer(1)).result?.tools).toBeArray();
    expect(codes(peer)).toEqual([]);
  });

  test("whose letters are cut in two between pieces is put together", async () => {
    await using peer = await opened();
    const bytes = Buffer.from(`{"jsonrpc":"2.0","id":"ü€😀","method":"tools/list"}\n`);
    for (const byte of bytes) peer.write(Uint8Array.of(byte));
    expect((await peer.answer("ü€😀")).result?.tools).toBeArray();
  });

  test("may end in CRLF, and empty lines are nothing", async () => {
    await using peer = await opened();
    peer.write(`\r\n\n   \n${JSON.stringify(list)}\r\n`);
    expect((await peer.answer(1)).result?.tools).toBeArray();
    await expectAlive(peer);
    expect(codes(peer)).toEqual([]);
  });

  test("may share its write with many others", async () => {
    await using peer = await opened();
    const ids = Array.from({ length: 200 }, (_, index) => index + 1);
    peer.write(ids.map((id) => `${JSON.stringify({ ...list, id })}\n`).join(""));
    for (const id of ids) expect((await peer.answer(id)).result?.tools).toBeArray();
  });
});

describe("the end of stdin", () => {
  test("right after a request: the answer still comes, and the program ends with 0", async () => {
    await using peer = await opened();
    peer.send(list);
    await peer.end();
    expect(await peer.exited).toBe(0);
    expect((await peer.answer(1)).result?.tools).toBeArray();
    expect(peer.foreign).toEqual([]);
  });

  test("right after a call: the answer still comes", async () => {
    await using peer = await opened();
    const params = { name: "proxmox_guest_list", arguments: {} };
    peer.send({ jsonrpc: "2.0", id: 3, method: "tools/call", params });
    await peer.end();
    expect(await peer.exited).toBe(0);
    expect((await peer.answer(3)).result?.content).toBeArray();
  });

  test("in the middle of a message: a parse error, and the program ends with 0", async () => {
    await using peer = await opened();
    peer.write('{"jsonrpc":"2.0","id":1,"method":"tools/li');
    await peer.end();
    expect(await peer.exited).toBe(0);
    expect(codes(peer)).toEqual([parseError]);
    expect(peer.foreign).toEqual([]);
  });

  test("before anything else: the program ends with 0 and says nothing", async () => {
    await using peer = new Peer(["serve", "--demo"]);
    await peer.end();
    expect(await peer.exited).toBe(0);
    expect([...peer.messages, ...peer.foreign]).toEqual([]);
  });
});
