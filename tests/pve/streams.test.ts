import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import { createClient, type PveRequest, type UploadFile } from "../../src/pve/client.ts";
import { PveError } from "../../src/pve/errors.ts";
import { createTransport } from "../../src/pve/transport.ts";
import { createCertificate } from "../../src/simulator/https/certificate.ts";
import { failure } from "./stand-in.ts";

const own = createCertificate({ subject: "pve1", names: ["localhost"] });
const MIB = 1024 * 1024;
const upload: PveRequest = {
  endpoint: "POST /nodes/{node}/storage/{storage}/upload",
  values: { node: "pve1", storage: "local", content: "iso", checksum: "abc" },
};
const download: PveRequest = {
  endpoint: "GET /nodes/{node}/storage/{storage}/file-restore/download",
  values: { node: "pve1", storage: "pbs", volume: "pbs:backup/x", filepath: "L2V0Yw==" },
};
const upid = "UPID:pve1:000ABCDE:0003C6F4:6B0594B9:imgcopy::root@pam!mcp:";

/** What the server makes of a connection; it gets the head and what came behind it. */
type Serve = (socket: TLSSocket, head: string, rest: Buffer) => void;
let serve: Serve = () => {};
const sockets = new Set<TLSSocket>();
const server = createTlsServer({ cert: own.certificate, key: own.key }, (socket) => {
  let head = Buffer.alloc(0);
  sockets.add(socket);
  socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  socket.on("data", function first(bytes: Buffer) {
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    socket.off("data", first);
    serve(socket, head.subarray(0, end).toString("latin1"), head.subarray(end + 4));
    head = Buffer.alloc(0);
  });
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const clientOf = (more: object = {}) =>
  createClient({
    fetch: createTransport({ mode: "verify", fingerprint: own.fingerprint, ...more }),
    base: `https://localhost:${port}`,
    authorization: "PVEAPIToken=root@pam!mcp=planted-token-secret",
  });

/** A file of so many MiB that counts how much of it was read. */
function file(mebibytes: number): UploadFile & { read(): number; opened(): number } {
  let read = 0;
  let opened = 0;
  return {
    field: "filename",
    filename: 'a "b".iso',
    size: mebibytes * MIB,
    read: () => read,
    opened: () => opened,
    open() {
      opened++;
      let left = mebibytes;
      return new ReadableStream({
        async pull(controller) {
          await Bun.sleep(0);
          if (left-- <= 0) return controller.close();
          read += MIB;
          controller.enqueue(new Uint8Array(MIB));
        },
      });
    },
  };
}

/** Takes a body of the length that its head says, and answers with JSON. */
function taking(data: unknown, onBody: (head: string, start: string, length: number) => void): Serve {
  return (socket, head, rest) => {
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1]);
    let start = rest.subarray(0, 2000).toString("latin1");
    let size = rest.length;
    const done = () => {
      if (size < length) return;
      onBody(head, start, size);
      const body = JSON.stringify({ data });
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    };
    socket.on("data", (bytes: Buffer) => {
      if (start.length < 2000) start += bytes.subarray(0, 2000).toString("latin1");
      size += bytes.length;
      done();
    });
    done();
  };
}

describe("an upload", () => {
  test("is a form with the fields before the file, and says its length", async () => {
    const seen: [string, string, number][] = [];
    serve = taking(upid, (...one) => seen.push(one));
    const source = file(8);
    expect((await clientOf().upload(upload, source)).data).toBe(upid);
    const [[head, start, size] = ["", "", 0]] = seen;
    const boundary = /^content-type: *multipart\/form-data; boundary=(\S+)/im.exec(head)?.[1];
    expect(head).toStartWith("POST /api2/json/nodes/pve1/storage/local/upload HTTP/1.1");
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(start).toStartWith(
      `--${boundary}\r\nContent-Disposition: form-data; name="content"\r\n\r\niso\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="checksum"\r\n\r\nabc\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="filename"; filename="a %22b%22.iso"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    );
    expect([size > 8 * MIB, size < 8 * MIB + 2000, source.opened()]).toEqual([true, true, 1]);
  });

  test("isn't read further than the other side takes it", async () => {
    serve = (socket) => void socket.pause();
    const source = file(512);
    const controller = new AbortController();
    const outcome = failure(clientOf().upload(upload, source, { signal: controller.signal }));
    await Bun.sleep(300);
    expect(source.read()).toBeLessThan(64 * MIB);
    controller.abort();
    expect((await outcome).kind).toBe("unknown-fate");
  });

  test("that PVE refuses in the middle ends with PVE's word", async () => {
    serve = (socket) => {
      socket.resume();
      const body = JSON.stringify({ data: null, message: "storage 'local' does not support content-type 'x'\n" });
      socket.write(`HTTP/1.1 500 no\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    };
    const error = await failure(clientOf().upload(upload, file(4)));
    expect(error.sentence).toBe("storage 'local' does not support content-type 'x'");
  });

  test("of a file that shrinks while it is sent is an error, and is never sent twice", async () => {
    serve = taking(upid, () => {});
    const source = { ...file(4), size: 5 * MIB };
    const error = await failure(clientOf().upload(upload, source));
    expect([error.kind, source.opened()]).toEqual(["unknown-fate", 1]);
    expect(error.sentence).toContain("changed its size");
  });

  test("is begun anew when nothing of it was sent", async () => {
    const source = file(1);
    const nobody = createClient({
      fetch: createTransport({ mode: "insecure" }),
      base: "https://localhost:1",
      authorization: "PVEAPIToken=root@pam!mcp=x",
      retries: { attempts: 3, milliseconds: 5_000 },
    });
    expect((await failure(nobody.upload(upload, source))).kind).toBe("unreachable");
    expect([source.opened(), source.read() <= MIB * 3]).toEqual([3, true]);
  });
});

describe("a download", () => {
  const giving =
    (bytes: Buffer, headers: string, cut = bytes.length): Serve =>
    (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`);
      socket.write(bytes.subarray(0, cut), () => cut < bytes.length && socket.destroy());
    };
  const content = Buffer.from("0123456789".repeat(100_000));

  test("is handed on as it comes, with its type and length, whatever the limit for answers in memory", async () => {
    serve = giving(content, `content-type: application/octet-stream\r\ncontent-length: ${content.length}`);
    const { body, type, length } = await clientOf({ maxBody: 1000 }).download(download);
    expect([type, length]).toEqual(["application/octet-stream", content.length]);
    expect(Buffer.from(await new Response(body).arrayBuffer()).equals(content)).toBe(true);
  });

  test("that is packed comes unpacked", async () => {
    const packed = gzipSync(content);
    serve = giving(packed, `content-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}`);
    const { body, length } = await clientOf().download(download);
    expect([await new Response(body).text(), length]).toEqual([content.toString(), undefined]);
  });

  test("that breaks off in the middle says so", async () => {
    serve = giving(content, `content-length: ${content.length}`, 5000);
    const { body } = await clientOf().download(download);
    const reader = body.getReader();
    const all = async () => {
      while (!(await reader.read()).done);
    };
    const error = await failure(all());
    expect([error.kind, error.sentence]).toEqual([
      "unreachable",
      expect.stringContaining("broke before the answer was complete"),
    ]);
  });

  test("that is refused is PVE's word", async () => {
    const body = JSON.stringify({ data: null, message: "no such file\n" });
    serve = (socket) => void socket.write(`HTTP/1.1 500 x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect((await failure(clientOf().download(download))).sentence).toBe("no such file");
  });

  test("that nobody reads on closes its connection", async () => {
    const give = giving(content, "content-length: 99999999");
    const closed = new Promise((resolve) => {
      serve = (socket, ...more) => {
        socket.on("close", resolve);
        give(socket, ...more);
      };
    });
    const { body } = await clientOf().download(download);
    const reader = body.getReader();
    await reader.read();
    await reader.cancel();
    await closed;
  });

  test("that is cancelled in the middle ends", async () => {
    serve = giving(content, "content-length: 99999999");
    const controller = new AbortController();
    const { body } = await clientOf().download(download, { signal: controller.signal });
    const reader = body.getReader();
    const all = async () => {
      while (!(await reader.read()).done);
    };
    setTimeout(() => controller.abort(), 50);
    expect(await failure(all())).toBeInstanceOf(PveError);
  });

  test("that stops coming ends with the deadline", async () => {
    serve = giving(content, "content-length: 99999999");
    const { body } = await clientOf({ deadlines: { body: 200 } }).download(download);
    const reader = body.getReader();
    const all = async () => {
      while (!(await reader.read()).done);
    };
    expect((await failure(all())).kind).toBe("timeout");
  });
});
