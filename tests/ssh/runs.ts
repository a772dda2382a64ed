// Owns how the tests run a command over SSH, against a server on loopback.
import { fingerprintOf } from "../../src/ssh/host-key.ts";
import type { SshSettings } from "../../src/ssh/settings.ts";
import { createShell } from "../../src/ssh/shell.ts";
import type { CommandEnd, ContainerShell } from "../../src/toolkit/shell.ts";
import { hostKey, settingsFor } from "./server.ts";

export const blob = (key: string) => Buffer.from(key.split(" ")[1] ?? "", "base64");
export const pin = fingerprintOf(blob(hostKey.public));

export interface Ran {
  readonly end: CommandEnd;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface How {
  readonly input?: string;
  readonly seconds?: number;
  readonly signal?: AbortSignal;
}

/** A shell for the server at this port of loopback, whose usual key is known. */
export const shellFor = (port: number, settings: Partial<SshSettings> = {}, kept?: number): ContainerShell =>
  createShell(settingsFor(port, { fingerprints: [pin], ...settings }), kept);

/** Runs a command, and keeps what it writes. */
export async function runIn(shell: ContainerShell, words: readonly string[], how: How = {}): Promise<Ran> {
  const pieces: { stdout: Uint8Array[]; stderr: Uint8Array[] } = { stdout: [], stderr: [] };
  const { seconds = 20, signal, input } = how;
  const end = await shell.run(
    { node: "pve1", vmid: 200, words, seconds, ...(input === undefined ? {} : { input }) },
    { ...(signal ? { signal } : {}), onOutput: (stream, piece) => pieces[stream].push(piece) },
  );
  return { end, stdout: Buffer.concat(pieces.stdout), stderr: Buffer.concat(pieces.stderr) };
}

export const failureOf = (promise: Promise<unknown>): Promise<{ kind: string; message: string; next: string }> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => ({ kind: error.kind, message: error.sentence, next: error.next }),
  );

/** Waits until something is so. @throws Error where it isn't after ten seconds */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + 10_000; !(await isSo()); await Bun.sleep(20)) {
    if (Date.now() > limit) throw new Error("it never was so");
  }
}

/** The processes whose arguments hold a text. */
export async function processesWith(text: string): Promise<string[]> {
  const all = await new Response(Bun.spawn(["ps", "-eo", "args"]).stdout).text();
  return all.split("\n").filter((line) => line.includes(text) && !line.startsWith("ps -eo"));
}

/** A command that ignores TERM and has children; the text stands in its arguments. */
export const stubborn = (text: string): string[] => [
  "/bin/sh",
  "-c",
  `trap '' TERM; sh -c "trap '' TERM; sleep 61; : ${text}" & sleep 62; : ${text}`,
];
