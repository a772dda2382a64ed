// Owns the reading of a Mach-O executable as far as its signature reaches: Apple's loader.h, 64 bits, little-endian.

const magic64 = 0xfeedfacf;
const headerSize = 32;
const segment64 = 0x19; // LC_SEGMENT_64
const codeSignature = 0x1d; // LC_CODE_SIGNATURE

/** A segment's place in the file. `command` is where its load command begins. */
export interface Segment {
  readonly command: number;
  readonly offset: number;
  readonly size: number;
}

/** What a signature covers, and where it lies. */
export interface Executable {
  /** The program's code: __TEXT. */
  readonly text: Segment;
  /** The last segment, which holds the signature at its end: __LINKEDIT. */
  readonly linkEdit: Segment;
  readonly signature: Segment;
}

/** @throws Error when the bytes are no Mach-O executable with a place for a signature */
export function readExecutable(bytes: Buffer): Executable {
  if (bytes.length < headerSize || bytes.readUInt32LE(0) !== magic64) throw new Error("no 64-bit Mach-O executable");
  const found: { text?: Segment; linkEdit?: Segment; signature?: Segment } = {};
  let command = headerSize;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const kind = bytes.readUInt32LE(command);
    if (kind === segment64) {
      const name = bytes.toString("latin1", command + 8, command + 24).replace(/\0+$/, "");
      if (name === "__TEXT") found.text = segment(bytes, command);
      if (name === "__LINKEDIT") found.linkEdit = segment(bytes, command);
    } else if (kind === codeSignature) {
      found.signature = { command, offset: bytes.readUInt32LE(command + 8), size: bytes.readUInt32LE(command + 12) };
    }
    command += bytes.readUInt32LE(command + 4);
  }
  const { text, linkEdit, signature } = found;
  if (!text || !linkEdit || !signature) throw new Error("an executable without __TEXT, __LINKEDIT or a signature");
  return { text, linkEdit, signature };
}

function segment(bytes: Buffer, command: number): Segment {
  return {
    command,
    offset: Number(bytes.readBigUInt64LE(command + 40)),
    size: Number(bytes.readBigUInt64LE(command + 48)),
  };
}

/** Says in the load commands that the file ends with a signature of `size` bytes, where the old one began. */
export function placeSignature(bytes: Buffer, { linkEdit, signature }: Executable, size: number): void {
  bytes.writeUInt32LE(size, signature.command + 12);
  const length = signature.offset + size - linkEdit.offset;
  const page = 0x4000; // the larger of the two page sizes of Apple's processors
  bytes.writeBigUInt64LE(BigInt(Math.ceil(length / page) * page), linkEdit.command + 32);
  bytes.writeBigUInt64LE(BigInt(length), linkEdit.command + 48);
}
