// Owns the port that clients see: TLS goes on to the server behind it, plain HTTP is sent to https (facts 9).
import { Buffer } from "node:buffer";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The first byte of a TLS handshake. */
const handshake = 0x16;
/** Nobody needs longer for the head of a request that is only sent elsewhere. */
const longestHead = 16 * 1024;

export interface Front {
  address: AddressInfo;
  close(): Promise<void>;
}

/** Listens on an address; `behind` is the port of the TLS server on loopback. */
export async function openFront(listen: string, port: number, behind: number): Promise<Front> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      if (first[0] === handshake) handOver(socket, first, behind);
      else sendToHttps(socket, first);
    });
  });
  await listening(server, listen, port);
  return {
    address: addressOf(server),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Bytes both ways; what breaks off on one side breaks off on the other. */
function handOver(client: Socket, first: Buffer, behind: number): void {
  const inner = connect(behind, "127.0.0.1");
  inner.setNoDelay(true);
  client.setNoDelay(true);
  inner.on("error", () => client.destroy());
  inner.on("close", () => client.destroy());
  client.on("close", () => inner.destroy());
  inner.write(first);
  client.pipe(inner);
  inner.pipe(client);
}

function sendToHttps(socket: Socket, first: Buffer): void {
  let head = first;
  const answer = () => {
    const text = head.toString("latin1");
    if (!text.includes("\r\n\r\n") && head.length < longestHead) return;
    const path = /^[A-Z]+ (\/\S*) HTTP\/1/.exec(text)?.[1] ?? "/";
    const host = /^host: *(\S+)/im.exec(text)?.[1] ?? `${socket.localAddress}:${socket.localPort}`;
    const lines = ["HTTP/1.1 301 Moved Permanently", "Connection: close", `Location: https://${host}${path}`];
    socket.end(`${lines.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
  };
  socket.on("data", (more: Buffer) => {
    head = Buffer.concat([head, more]);
    answer();
  });
  answer();
}

/** Resolves when the server listens. @throws Error with a code such as EADDRINUSE */
export function listening(server: Server, listen: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, listen, () => resolve());
  });
}

export function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address;
}
