// Owns raw connections for tests: bytes as an attacker sends them, and all that comes back until the other side ends it.
import { connect, type Socket } from "node:net";
import type { Service } from "./service.ts";

export interface Back {
  readonly text: string;
  /** The status of the first answer; 0 where there was none. */
  readonly status: number;
  /** Whether the other side ended the connection. */
  readonly ended: boolean;
}

const portOf = ({ address }: Service): number => ("port" in address ? address.port : 0);

export function dial(service: Service): Socket {
  const socket = connect(portOf(service), "127.0.0.1");
  socket.on("error", () => {});
  return socket;
}

/** Sends bytes and waits for the end of the connection, but no longer than `patience` milliseconds. */
export function send(service: Service, bytes: string, patience = 300): Promise<Back> {
  return new Promise((resolve) => {
    const socket = dial(service);
    let text = "";
    const done = (ended: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), ended });
    };
    const timer = setTimeout(() => done(false), patience);
    socket.on("data", (part: Buffer) => {
      text += part.toString("latin1");
    });
    socket.on("close", () => done(true));
    socket.write(Buffer.from(bytes, "latin1"));
  });
}

/** A request of a message, written out. `head` are further header lines. */
export function written(message: object | string, head: readonly string[], line = "POST /mcp HTTP/1.1"): string {
  const body = typeof message === "string" ? message : JSON.stringify(message);
  const usual = ["Content-Type: application/json", "Accept: application/json, text/event-stream"];
  return [line, ...usual, ...head, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n");
}
