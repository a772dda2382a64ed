// Folders as archives: a zip whose files are stored as they are, and a tar in a zstd frame that isn't compressed.
import { Buffer } from "node:buffer";

type Files = readonly (readonly [name: string, content: Uint8Array])[];

/** CRC-32 as ZIP wants it (ISO 3309). */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const numbers = (...pairs: readonly (readonly [size: 2 | 4, value: number])[]): Buffer =>
  Buffer.concat(
    pairs.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );

/** PKWARE's APPNOTE: local headers with their files, the directory, its end. */
export function zip(files: Files): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const path = Buffer.from(name, "utf8");
    const size = content.length;
    const common = numbers(
      [2, 10],
      [2, 0x800],
      [2, 0],
      [4, 0],
      [4, checksum(content)],
      [4, size],
      [4, size],
      [2, path.length],
      [2, 0],
    );
    const local = Buffer.concat([numbers([4, 0x04034b50]), common, path, content]);
    directory.push(numbers([4, 0x02014b50], [2, 10]), common, numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, at]), path);
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const count = files.length;
  return Buffer.concat([
    ...parts,
    central,
    numbers([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, central.length], [4, at], [2, 0]),
  ]);
}

/** POSIX ustar, in a frame of raw blocks (RFC 8878). */
export function tarZst(files: Files): Uint8Array {
  const tar = Buffer.concat([...files.flatMap(([name, content]) => member(name, content)), Buffer.alloc(1024)]);
  const block = 128 * 1024;
  const blocks = Array.from({ length: Math.ceil(tar.length / block) }, (_, n) =>
    tar.subarray(n * block, (n + 1) * block),
  );
  const framed = blocks.flatMap((bytes, n) => {
    const head = Buffer.alloc(3);
    head.writeUIntLE((bytes.length << 3) | (n === blocks.length - 1 ? 1 : 0), 0, 3);
    return [head, bytes];
  });
  return Buffer.concat([numbers([4, 0xfd2fb528]), Buffer.from([0xa0]), numbers([4, tar.length]), ...framed]);
}

function member(name: string, content: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(512);
  const octal = (value: number, at: number, size: number) =>
    head.write(`${value.toString(8).padStart(size - 1, "0")}\0`, at);
  head.write(name, 0, 100);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(0, 136, 12);
  head.write("        0", 148);
  head.write("ustar\x0000", 257);
  octal(
    head.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
