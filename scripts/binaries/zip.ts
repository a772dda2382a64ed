// Owns the writing of a zip archive: PKWARE's APPNOTE, deflate, permissions as Unix has them, the time of every build.

import { promisify } from "node:util";
import { crc32, deflateRaw } from "node:zlib";
import { type Entry, epoch, mode } from "./entry.ts";

const deflated = promisify(deflateRaw);
const version = 20; // 2.0: deflate and folders
const unix = 3 << 8;

export async function zip(entries: readonly Entry[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = await deflated(entry.bytes, { level: 9 });
    const local = Buffer.concat([word(0x04034b50), common(entry, content.length), Buffer.from(entry.path), content]);
    directory.push(listed(entry, content.length, offset));
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  return Buffer.concat([...parts, list, end(entries.length, list.length, offset)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** What the local header and the line in the directory have in common: from the version to the extra field's length. */
function common(entry: Entry, compressed: number): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(version, 0);
  bytes.writeUInt16LE(8, 4); // deflate
  bytes.writeUInt16LE(0, 6); // midnight
  bytes.writeUInt16LE(
    ((epoch.getUTCFullYear() - 1980) << 9) | ((epoch.getUTCMonth() + 1) << 5) | epoch.getUTCDate(),
    8,
  );
  bytes.writeUInt32LE(crc32(entry.bytes), 10);
  bytes.writeUInt32LE(compressed, 14);
  bytes.writeUInt32LE(entry.bytes.length, 18);
  bytes.writeUInt16LE(Buffer.byteLength(entry.path), 22);
  return bytes;
}

function listed(entry: Entry, compressed: number, offset: number): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(unix | version, 4);
  const tail = Buffer.alloc(14); // no comment, first disk, no inner attributes
  tail.writeUInt32LE(((0o100000 | mode(entry)) << 16) >>> 0, 6);
  tail.writeUInt32LE(offset, 10);
  return Buffer.concat([head, common(entry, compressed), tail, Buffer.from(entry.path)]);
}

function end(count: number, size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(0x06054b50, 0);
  bytes.writeUInt16LE(count, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(size, 12);
  bytes.writeUInt32LE(offset, 16);
  return bytes;
}
