// Owns how a command's output is kept: both ends of what is too long, every byte counted, what is no UTF-8 shown as it is.

/** Bytes of one stream that an answer holds: 6,000 characters leave room for both streams. */
const budget = 6_000;

export interface Output {
  push(piece: Uint8Array): void;
  /** The text, with a line in its middle that tells how many bytes were left out. */
  text(): string;
  /** Bytes in all. */
  readonly bytes: number;
  readonly isCut: boolean;
}

export function createOutput(limit = budget): Output {
  const half = Math.floor(limit / 2);
  let head = new Uint8Array(0);
  let tail = new Uint8Array(0);
  let bytes = 0;
  return {
    push(piece) {
      bytes += piece.length;
      const room = Math.max(0, half - head.length);
      if (room > 0) head = joined(head, piece.subarray(0, room));
      const rest = piece.subarray(room);
      if (rest.length > 0) tail = joined(tail, rest.subarray(-half)).slice(-half);
    },
    get bytes() {
      return bytes;
    },
    get isCut() {
      return bytes > head.length + tail.length;
    },
    text() {
      if (bytes === head.length + tail.length) return decoded(joined(head, tail));
      // a character that the cut goes through is left out whole
      const [start, end] = [head.subarray(0, wholeEnd(head)), tail.subarray(wholeStart(tail))];
      const left = bytes - start.length - end.length;
      return `${decoded(start)}\n… ${left} of ${bytes} bytes are left out here …\n${decoded(end)}`;
    },
  };
}

/** Where the last character begins that isn't whole, or the end. */
function wholeEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Where the first character begins. */
function wholeStart(bytes: Uint8Array): number {
  const start = bytes.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80);
  return Math.max(0, start);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** UTF-8; a byte that belongs to no character is shown as `\xff`. */
export function decoded(bytes: Uint8Array): string {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = validEnd(bytes, at);
    if (end > at) parts.push(strict.decode(bytes.subarray(at, end)));
    if (end < bytes.length) parts.push(`\\x${(bytes[end] ?? 0).toString(16).padStart(2, "0")}`);
    at = end + 1;
  }
  return parts.join("");
}

/** Where the first byte stands that belongs to no character. */
function validEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const size = sizeAt(bytes, at);
    if (size === 0) return at;
    at += size;
  }
  return at;
}

/** Bytes of the character that begins here, by RFC 3629; 0: none does. */
function sizeAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const [least, most] =
    first === 0xe0
      ? [0xa0, 0xbf]
      : first === 0xed
        ? [0x80, 0x9f]
        : first === 0xf0
          ? [0x90, 0xbf]
          : first === 0xf4
            ? [0x80, 0x8f]
            : [0x80, 0xbf];
  if (second < least || second > most) return 0;
  for (let next = 2; next < size; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return size;
}
