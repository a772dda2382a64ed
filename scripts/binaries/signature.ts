// Owns the ad-hoc signature of a macOS program: Apple's cs_blobs.h, a SuperBlob that holds one CodeDirectory of version
// 0x20400. `bun build --compile` leaves the signature of Bun's own executable in place for x64 and changes pages under
// it; macOS ends a program whose pages don't match.

import { createHash } from "node:crypto";
import { type Executable, placeSignature, readExecutable } from "./mach-o.ts";

const superBlob = { magic: 0xfade0cc0, size: 12 + 8 }; // head, and the place of one blob
const directory = { magic: 0xfade0c02, version: 0x20400, size: 88 };
const flags = 0x2 | 0x20000; // CS_ADHOC | CS_LINKER_SIGNED, as a linker signs
const sha256 = { type: 2, size: 32 };
const pageBits = 12;
const mainBinary = 1n; // CS_EXECSEG_MAIN_BINARY

/** The program with a new signature in place of the one it has. The signature holds the hash of each page. */
export function signed(program: Buffer, identifier: string): Buffer {
  const executable = readExecutable(program);
  const limit = executable.signature.offset;
  const pages = Math.ceil(limit / 2 ** pageBits);
  const name = Buffer.from(`${identifier}\0`);
  const size = superBlob.size + directory.size + name.length + pages * sha256.size;
  const whole = Buffer.alloc(limit + size);
  program.copy(whole, 0, 0, limit);
  placeSignature(whole, executable, size); // before the hashes: the first page holds it
  const head = heads(executable, name, pages, size);
  head.copy(whole, limit);
  for (let page = 0; page < pages; page++) {
    const end = Math.min((page + 1) << pageBits, limit);
    const hash = createHash("sha256")
      .update(whole.subarray(page << pageBits, end))
      .digest();
    hash.copy(whole, limit + head.length + page * sha256.size);
  }
  return whole;
}

/** All of the signature but the hashes of the pages. Big-endian, unlike the rest of the file. */
function heads({ text, signature }: Executable, name: Buffer, pages: number, size: number): Buffer {
  const start = superBlob.size;
  const bytes = Buffer.alloc(start + directory.size);
  const words = (at: number, ...values: number[]): void => {
    for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, at + index * 4);
  };
  words(0, superBlob.magic, size, 1, 0, start); // one blob: slot 0, the CodeDirectory
  words(start, directory.magic, size - start, directory.version, flags);
  words(start + 16, directory.size + name.length, directory.size); // where hashes and identifier begin
  words(start + 24, 0, pages, signature.offset); // no special slots; what is covered ends at the signature
  bytes.set([sha256.size, sha256.type, 0, pageBits], start + 36);
  bytes.writeBigUInt64BE(BigInt(text.offset), start + 64);
  bytes.writeBigUInt64BE(BigInt(text.size), start + 72);
  bytes.writeBigUInt64BE(mainBinary, start + 80);
  return Buffer.concat([bytes, name]);
}
