// Owns the folder of files to upload and to restore to (PROXMOX_UPLOAD_DIR): nothing outside of it is read or written.
import type { FileHandle } from "node:fs/promises";
import type { UploadFile } from "../pve/client.ts";
import { Refusal } from "./refusal.ts";

export interface UploadFolder {
  /** A regular file of the folder, to be sent. @throws Refusal */
  open(name: string): Promise<UploadFile>;
  /** A place for a file that isn't there yet; nothing is made before it is written. @throws Refusal */
  create(name: string): Promise<NewFile>;
}

/** A file that is to be written. */
export interface NewFile {
  /** Its name in the folder. */
  readonly name: string;
  /** Makes it of a stream and tells its bytes; where that breaks off nothing of it is left. @throws Refusal, or what the stream throws */
  write(content: ReadableStream<Uint8Array>): Promise<number>;
}

const setting = "PROXMOX_UPLOAD_DIR";

/** Bytes that are read at once. */
const piece = 256 * 1024;

/** The folder, where the operator has set one. @throws Refusal that names the setting */
export function needed(folder: UploadFolder | undefined): UploadFolder {
  if (folder) return folder;
  throw new Refusal(`files are read and written in the server's own folder alone, and it has none: set ${setting}`);
}

/** The folder of the setting; it is looked at when a file is asked for, never before. */
export function createUploadFolder(folder: string): UploadFolder {
  return {
    async open(name) {
      const path = await place(folder, name, "file");
      const handle = await opened(path, name);
      const { size } = await handle.stat().finally(() => handle.close());
      return { field: "filename", filename: lastOf(name), size, open: () => streamOf(path, name) };
    },
    async create(name) {
      const { lstat } = await import("node:fs/promises");
      const path = await place(folder, name, "parent");
      const there = await lstat(path).catch(() => undefined);
      if (there) throw taken(name);
      return { name, write: (content) => written(path, name, content) };
    },
  };
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

const taken = (name: string) => new Refusal(`${name} is in the folder of ${setting} already, and is left as it is`);

/**
 * The path of a name in the folder, with every link on the way resolved: of the file, or of the file that is to be made
 * in a folder that is there.
 */
async function place(folder: string, name: string, what: "file" | "parent"): Promise<string> {
  const steps = name.split("/");
  // a colon starts a drive or a stream on Windows, a backslash is its slash
  const isOdd = (step: string) => step === "" || step === "." || step === ".." || /[\\:\p{Cc}]/u.test(step);
  if (steps.some(isOdd)) throw outside(name);
  const [{ realpath }, { join, sep }] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const root = await realpath(folder).catch((error: unknown) => {
    throw new Refusal(`the folder of ${setting} can't be used: ${reasonOf(error)}`);
  });
  const last = what === "parent" ? steps.slice(-1) : [];
  const real = await realpath(join(root, ...steps.slice(0, steps.length - last.length))).catch(unusable(name));
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) throw outside(name);
  return join(real, ...last);
}

const outside = (name: string) =>
  new Refusal(
    `${JSON.stringify(name.slice(0, 200))} is no name of a file in the folder of ${setting}: no path outside of it is taken`,
  );

/** Opens a regular file and makes sure that it is still the one at that path, and no link put there meanwhile. */
async function opened(path: string, name: string): Promise<FileHandle> {
  const { constants, open, realpath, stat } = await import("node:fs/promises");
  // a pipe would keep a reader waiting; Windows has neither of the two
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch(unusable(name));
  try {
    const [held, there, real] = await Promise.all([handle.stat(), stat(path), realpath(path)]);
    if (!held.isFile()) throw new Refusal(`${name} is no regular file`);
    if (real !== path || held.ino !== there.ino || held.dev !== there.dev) throw outside(name);
    return handle;
  } catch (error) {
    await handle.close();
    throw error instanceof Refusal ? error : unusable(name)(error);
  }
}

/** The file from its beginning, opened when the first of it is asked for. */
function streamOf(path: string, name: string): ReadableStream<Uint8Array> {
  let handle: FileHandle | undefined;
  let at = 0;
  const end = async () => {
    const held = handle;
    handle = undefined;
    await held?.close();
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        handle ??= await opened(path, name);
        const { bytesRead, buffer } = await handle.read(new Uint8Array(piece), 0, piece, at);
        at += bytesRead;
        if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
        await end();
        controller.close();
      } catch (error) {
        await end();
        throw error;
      }
    },
    cancel: end,
  });
}

async function written(path: string, name: string, content: ReadableStream<Uint8Array>): Promise<number> {
  const { open, rm } = await import("node:fs/promises");
  const handle = await open(path, "wx", 0o600).catch(async (error: unknown) => {
    await content.cancel();
    throw codeOf(error) === "EEXIST" ? taken(name) : unusable(name)(error);
  });
  let count = 0;
  try {
    for await (const bytes of content) {
      await handle.writeFile(bytes);
      count += bytes.length;
    }
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw codeOf(error) in reasons ? unusable(name)(error) : error;
  }
  await handle.close();
  return count;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is none",
  ENOTDIR: "there is none",
  EACCES: "the server's user may not use it",
  EPERM: "the server's user may not use it",
  ELOOP: "it is a link",
  EISDIR: "it is a folder",
  ENXIO: "it is no regular file",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "no space is left",
  EDQUOT: "no space is left",
  EROFS: "it can't be written",
  NotCapable: "Deno may not use it: allow it with --allow-read and --allow-write",
};

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

const reasonOf = (error: unknown): string => reasons[codeOf(error)] ?? "it can't be opened";

/** Throws what went wrong with a file of the folder, in words. */
const unusable =
  (name: string) =>
  (error: unknown): never => {
    throw new Refusal(`${name} in the folder of ${setting}: ${reasonOf(error)}`);
  };
