// Owns the writing of a tar archive: POSIX ustar, owned by root, with the time of every build.

import { type Entry, epoch, mode } from "./entry.ts";

const block = 512;

/** @throws Error for a path that a plain header can't hold */
export function tar(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap((entry) => [header(entry), entry.bytes, padding(entry.bytes.length)]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function padding(length: number): Buffer {
  return Buffer.alloc((block - (length % block)) % block);
}

function header(entry: Entry): Buffer {
  if (Buffer.byteLength(entry.path) > 100) throw new Error(`${entry.path}: too long for an archive`);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, width: number): void => {
    bytes.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at);
  };
  bytes.write(entry.path, 0);
  octal(mode(entry), 100, 8);
  octal(0, 108, 8); // user
  octal(0, 116, 8); // group
  octal(entry.bytes.length, 124, 12);
  octal(epoch.getTime() / 1000, 136, 12);
  bytes.fill(" ", 148, 156); // the checksum counts as blanks in itself
  bytes.write("0", 156); // a file
  bytes.write("ustar\0" + "00", 257);
  bytes.write("root", 265);
  bytes.write("root", 297);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}
