// Owns the place that install.sh fetches from in the tests: a server on this machine that has archives, and faults.

import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { version } from "../../package.json";
import { tar } from "../../scripts/binaries/tar.ts";

/** How the server fails: on the archive, or on the sums. */
export type Fault = "none" | "wrong sum" | "no line" | "no sums" | "no archive" | "cut" | "page" | "hangs";

/** A program that says what a real one does; `body` is what it does instead. */
export function archiveOf(target: string, body = `echo "proxmox-mcp ${version} (made for ${target})"`): Buffer {
  const ballast = Array.from({ length: 4000 }, (_, line) => `# ${createHash("sha1").update(`${line}`).digest("hex")}`);
  const program = Buffer.from(`#!/bin/sh\n${body}\nexit\n${ballast.join("\n")}\n`);
  const path = `proxmox-mcp-${version}-${target}/proxmox-mcp`;
  return gzipSync(tar([{ path, bytes: program, executable: true }]));
}

export class Shelf implements AsyncDisposable {
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Opens a server for one target's archive. */
  static async open(target: string, fault: Fault = "none", archive: Buffer = archiveOf(target)): Promise<Shelf> {
    const name = `proxmox-mcp-${version}-${target}.tar.gz`;
    const sum = createHash("sha256").update(archive).digest("hex");
    const wrong = sum.replaceAll(/./g, (digit) => (digit === "0" ? "1" : "0"));
    const sums = `${"0".repeat(64)}  another.tar.gz\n${fault === "wrong sum" ? wrong : sum}  ${name}\n`;
    const server = createServer(({ url = "" }, response) => {
      shelf.asked.push(url);
      const missing = (): void => void response.writeHead(404).end("not here");
      if (url.endsWith("/SHA256SUMS")) {
        if (fault === "no sums") return missing();
        return void response.end(fault === "no line" ? sums.replace(name, "other.tar.gz") : sums);
      }
      if (!url.endsWith(`/${name}`) || fault === "no archive") return missing();
      if (fault === "page") return void response.end("<html>Log in to go on</html>");
      response.writeHead(200, { "content-length": archive.length });
      if (fault !== "cut" && fault !== "hangs") return void response.end(archive);
      response.write(archive.subarray(0, archive.length / 2), () => {
        if (fault === "cut") setTimeout(() => response.destroy(), 50);
      });
    });
    const shelf = new Shelf(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return shelf;
  }

  get base(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    return `http://127.0.0.1:${address.port}/releases`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
