// Sends bytes over TLS and gives back the bytes that come, until the other side ends or the answer is complete.
import { connect } from "node:net";
import * as tls from "node:tls";

export interface Raw {
  /** The head as Latin-1, its lines parted. */
  head: string[];
  body: Buffer;
  /** The other side ended the connection. */
  ended: boolean;
  error?: string;
}

const limit = 10_000;

function collect(socket: tls.TLSSocket | ReturnType<typeof connect>, text: string): Promise<Raw> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    let error: string | undefined;
    const done = (ended: boolean) => {
      clearTimeout(timer);
      const end = bytes.indexOf("\r\n\r\n");
      const head = bytes.subarray(0, end < 0 ? bytes.length : end).toString("latin1");
      const body = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4);
      resolve({ head: head.split("\r\n"), body, ended, ...(error === undefined ? {} : { error }) });
      socket.destroy();
    };
    const timer = setTimeout(() => done(false), limit);
    socket.on("data", (part: Buffer) => {
      bytes = Buffer.concat([bytes, part]);
      const end = bytes.indexOf("\r\n\r\n");
      const head = bytes.subarray(0, Math.max(end, 0)).toString("latin1");
      const length = /^content-length: (\d+)/im.exec(head)?.[1];
      const keeps = /^connection: keep-alive/im.test(head);
      if (end >= 0 && keeps && length !== undefined && bytes.length >= end + 4 + Number(length)) done(false);
    });
    socket.on("error", (problem: Error) => {
      error = problem.message;
    });
    socket.on("close", () => done(true));
    socket.write(text);
  });
}

export function overTls(port: number, text: string): Promise<Raw> {
  return collect(tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false }), text);
}

export function overTcp(port: number, text: string): Promise<Raw> {
  return collect(connect(port, "127.0.0.1"), text);
}
