// Public SSH keys as PVE takes them: each line a key whose body is one of its type.
import { Buffer } from "node:buffer";
import { failure } from "../engine/error.ts";

const types =
  /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

/** The body is a row of length-prefixed fields, the first of which is the type, with nothing left over. */
function isKey(line: string): boolean {
  const words = line.trim().split(/\s+/);
  const at = words.findIndex((word) => types.test(word));
  const body = Buffer.from(words[at + 1] ?? "", "base64");
  const fields: Buffer[] = [];
  let offset = 0;
  while (at >= 0 && offset + 4 <= body.length) {
    const end = offset + 4 + body.readUInt32BE(offset);
    if (end > body.length) return false;
    fields.push(body.subarray(offset + 4, end));
    offset = end;
  }
  return fields.length >= 2 && offset === body.length && fields[0]?.toString("latin1") === words[at];
}

/** Throws PVE's 500 for a text with a line that is no key; empty lines and comments don't count. */
export function assertSshKeys(text: string | undefined): void {
  const lines = (text ?? "").split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  if (!lines.every(isKey)) throw failure("SSH public key validation error");
}
