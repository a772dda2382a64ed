// Owns the checking of a macOS program's signature, as the kernel does it: each page against its hash, the load
// commands against the file. Written apart from what signs.

import { createHash } from "node:crypto";

export interface Signature {
  readonly identifier: string;
  readonly version: number;
  readonly flags: number;
  /** How many pages there are, and which of them have another hash than the one that was signed. */
  readonly pages: number;
  readonly wrong: readonly number[];
  /** Where the signed part of the file ends, where the signature begins, and where it and the file end. */
  readonly limit: number;
  readonly begin: number;
  readonly end: number;
  readonly fileEnd: number;
  /** Whether the last segment ends where the file does, and has room in memory for what it holds. */
  readonly linkEditFits: boolean;
  /** The part that is marked as the program's code, and the segment that is. */
  readonly execSegment: readonly [bigint, bigint, bigint];
  readonly text: readonly [bigint, bigint];
}

export function signature(file: Buffer): Signature {
  const commands = [...loadCommands(file)];
  const place = commands.find(({ kind }) => kind === 0x1d)?.body;
  const segments = commands.filter(({ kind }) => kind === 0x19).map(({ body }) => body);
  const named = (name: string): Buffer => {
    const found = segments.find((body) => body.toString("latin1", 8, 24).replace(/\0+$/, "") === name);
    if (!found) throw new Error(`no segment ${name}`);
    return found;
  };
  if (!place) throw new Error("no signature");
  const begin = place.readUInt32LE(8);
  const end = begin + place.readUInt32LE(12);
  const directory = codeDirectory(file.subarray(begin, end));
  const word = (at: number): number => directory.readUInt32BE(at);
  const [hashes, identifier, pages, limit] = [word(16), word(20), word(28), word(32)] as const;
  const page = 2 ** directory.readUInt8(39);
  const wrong = Array.from({ length: pages }, (_, index) => index).filter((index) => {
    const bytes = file.subarray(index * page, Math.min((index + 1) * page, limit));
    const signed = directory.subarray(hashes + index * 32, hashes + (index + 1) * 32);
    return !createHash("sha256").update(bytes).digest().equals(signed);
  });
  const [text, linkEdit] = [named("__TEXT"), named("__LINKEDIT")];
  const linkEditEnd = Number(linkEdit.readBigUInt64LE(40) + linkEdit.readBigUInt64LE(48));
  return {
    identifier: directory.toString("latin1", identifier, directory.indexOf(0, identifier)),
    version: directory.readUInt32BE(8),
    flags: directory.readUInt32BE(12),
    pages,
    wrong,
    limit,
    begin,
    end,
    fileEnd: file.length,
    linkEditFits: linkEditEnd === file.length && linkEdit.readBigUInt64LE(32) >= linkEdit.readBigUInt64LE(48),
    execSegment: [directory.readBigUInt64BE(64), directory.readBigUInt64BE(72), directory.readBigUInt64BE(80)],
    text: [text.readBigUInt64LE(40), text.readBigUInt64LE(48)],
  };
}

function* loadCommands(file: Buffer): Generator<{ kind: number; body: Buffer }> {
  let at = 32;
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    const size = file.readUInt32LE(at + 4);
    yield { kind: file.readUInt32LE(at), body: file.subarray(at, at + size) };
    at += size;
  }
}

/** The blob in slot 0 of the SuperBlob: a CodeDirectory with SHA-256 hashes. */
function codeDirectory(blob: Buffer): Buffer {
  if (blob.readUInt32BE(0) !== 0xfade0cc0 || blob.readUInt32BE(4) > blob.length) throw new Error("no SuperBlob");
  if (blob.readUInt32BE(12) !== 0) throw new Error("the first blob is in another slot");
  const at = blob.readUInt32BE(16);
  const directory = blob.subarray(at, at + blob.readUInt32BE(at + 4));
  if (directory.readUInt32BE(0) !== 0xfade0c02) throw new Error("no CodeDirectory");
  if (directory.readUInt8(36) !== 32 || directory.readUInt8(37) !== 2) throw new Error("other hashes than SHA-256");
  return directory;
}
