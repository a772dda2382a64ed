// Owns the cluster's process: it is started, asked for its count, and ended.
import { createTransport } from "../../src/pve/transport.ts";
import type { Effects } from "./effects.ts";

export interface OtherSide {
  readonly url: string;
  readonly fingerprint: string;
  readonly token: string;
  /** What took effect so far. */
  effects(): Promise<Effects>;
  close(): void;
}

export async function openCluster(seed: number): Promise<OtherSide> {
  const command = [process.execPath, `${import.meta.dirname}/cluster.ts`, String(seed)];
  const child = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const { url, fingerprint, token } = await firstLine(child.stdout);
  return {
    url,
    fingerprint,
    token,
    async effects() {
      const fetch = createTransport({ mode: "verify", fingerprint });
      const response = await fetch(new Request(`${url}/soak`));
      fetch.close();
      const pairs: unknown = await response.json();
      if (!Array.isArray(pairs)) throw new Error("the cluster gave no count");
      return new Map(pairs.map(([write, times]) => [Number(write), Number(times)]));
    },
    close: () => child.kill(),
  };
}

async function firstLine(
  stdout: ReadableStream<Uint8Array>,
): Promise<Pick<OtherSide, "url" | "fingerprint" | "token">> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stdout) {
    text += decoder.decode(part, { stream: true });
    if (text.includes("\n")) return JSON.parse(text.slice(0, text.indexOf("\n")));
  }
  throw new Error("the cluster ended before it began");
}
