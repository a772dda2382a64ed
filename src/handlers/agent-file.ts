// Owns files inside a VM through the guest agent: read in parts that an answer holds, written as they are given, binary ones too.
import { Buffer } from "node:buffer";
import { PveError } from "../pve/errors.ts";
import type { Perform, Present, Values } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";

/** Bytes of a part unless told. */
const part = 8_000;

/** Reads a part undecoded, so that binary content survives; a PVE that knows no parts is asked for the whole. */
export const readPart: Perform = async (acting, { node, vmid, file, count = part, offset = 0 }) => {
  const whole = { node, vmid, file };
  const key = "GET /nodes/{node}/qemu/{vmid}/agent/file-read";
  try {
    const { data } = await acting.read(key, {
      ...wire(whole),
      decode: false,
      count: Number(count),
      offset: Number(offset),
    });
    const row = isRow(data) ? data : {};
    return { data: { ...row, content: Buffer.from(String(row.content ?? ""), "base64"), offset: Number(offset) } };
  } catch (error) {
    if (!isUnknownParameter(error)) throw error;
    const { data } = await acting.read(key, wire(whole));
    const text = Buffer.from(String(isRow(data) ? data.content : ""), "utf8");
    const content = text.subarray(Number(offset), Number(offset) + Number(count));
    return { data: { content, offset: Number(offset), truncated: text.length > Number(offset) + content.length } };
  }
};

function wire({ node, vmid, file }: Values) {
  return { node: String(node), vmid: Number(vmid), file: String(file) };
}

function isUnknownParameter(error: unknown): boolean {
  return error instanceof PveError && /not defined in schema/.test(JSON.stringify(error.errors ?? error.sentence));
}

/** Text as lines, anything else as base64, and where the next part begins. */
export const partShown: Present = (data, { values }) => {
  const row = isRow(data) ? data : {};
  const content = row.content instanceof Uint8Array ? row.content : new Uint8Array();
  const offset = Number(row.offset ?? 0);
  const next = offset + content.length;
  const isMore = Number(row.truncated ?? 0) === 1 || row.truncated === true;
  const text = textIn(content, isMore);
  const record = {
    file: values.file,
    offset,
    bytes: content.length,
    ...(text === undefined ? { "content-base64": Buffer.from(content).toString("base64") } : {}),
  };
  return {
    record,
    ...(text === undefined ? {} : { lines: text.replace(/\n$/, "").split("\n") }),
    ...(isMore ? { notes: [`The file goes on: offset=${next} reads the next part.`] } : {}),
  };
};

/** UTF-8, or nothing for other bytes; a part may end inside a character. */
function textIn(content: Uint8Array, isPart: boolean): string | undefined {
  for (const cut of isPart ? [0, 1, 2, 3] : [0]) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(content.subarray(0, content.length - cut));
      return text.includes("\0") ? undefined : text;
    } catch {}
  }
  return undefined;
}

/** PVE takes so many characters of base64. */
const longest = 61_440;

/** The content in base64 by us, so that nothing is coded twice; `encode=false`: it is in base64 already. */
export function contentFor({ values }: { values: Values }): Values {
  const isGiven = values.encode === false || String(values.encode) === "0";
  const text = String(values.content ?? "");
  if (isGiven && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text))
    throw new Refusal("content must be base64, since encode is false");
  const content = isGiven ? text.replace(/\s/g, "") : Buffer.from(text, "utf8").toString("base64");
  if (content.length > longest) {
    const bytes = Math.floor((content.length * 3) / 4);
    throw new Refusal(
      `content has ${bytes} bytes; the guest agent takes ${(longest * 3) / 4} at most: write it in several files, or fetch it inside the guest`,
    );
  }
  return { content, encode: false };
}
