// Owns what the files in a backup look like: their paths, which PVE wants in base64, and what of one an answer shows.
import { Buffer } from "node:buffer";
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { needed } from "../toolkit/upload-folder.ts";
import { placeOf, rowIn, rowsIn } from "./rows.ts";

/** Bytes of a file that an answer shows. */
const most = 16 * 1024;

/** PVE's letters for what an entry is. */
const types: Readonly<Record<string, string>> = { f: "file", d: "folder", l: "link", h: "hard link", v: "archive" };

const list = "GET /nodes/{node}/storage/{storage}/file-restore/list";

/** A path as PVE wants it: in base64, all but the root. One that came out of PVE's own list is in base64 already. */
export async function encoded(ground: Ground) {
  const given = String(ground.values.filepath ?? "/");
  if (given === "/" || given === "") return { filepath: "/" };
  if (!given.startsWith("/") && plain(given) !== undefined) return { filepath: given };
  const path = given.startsWith("/") ? given : `/${given}`;
  return { filepath: Buffer.from(`${await archiveOf(ground, path)}${path}`, "utf8").toString("base64") };
}

/** A path in a container without the archive before it is meant in its root's; PVE says how that is called. */
async function archiveOf(ground: Ground, path: string): Promise<string> {
  if (!/\bct\/\d+\//.test(String(ground.values.volume)) || /^\/[^/]+\.(?:didx|fidx|blob)(?:\/|$)/.test(path)) return "";
  const { data } = await ground.read(list, { ...placeOf(ground, "node", "storage", "volume"), filepath: "/" });
  return rowsIn(data)
    .map(({ filepath }) => plain(String(filepath)) ?? "")
    .filter((one) => /^\/root\..*\.didx$/.test(one))
    .slice(0, 1)
    .join("");
}

/** The path in base64 text; undefined where it holds none, or one that is no text. */
function plain(base64: string): string | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== base64.replace(/=+$/, "")) return undefined;
  const path = textOf(bytes);
  return path?.startsWith("/") ? path : undefined;
}

/** Bytes as UTF-8; undefined where they are something else. */
function textOf(bytes: Uint8Array, cut = false): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut });
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What PVE lists, its paths as people write them; a name that is no text keeps PVE's form of it. */
export const entries: Present = (data) => {
  const rows = rowsIn(data).map((row): Row => {
    const path = plain(String(row.filepath)) ?? String(row.filepath);
    return { ...row, path, type: types[String(row.type)] ?? row.type };
  });
  return { rows: rows.sort((one, other) => String(one.path).localeCompare(String(other.path))) };
};

/** A file in the server's folder, or the beginning of what the answer can show. */
export const downloaded: Perform = async (acting, values) => {
  const { to } = acting.values;
  const file = to === undefined ? undefined : await needed(acting.folder).create(String(to));
  const { body } = await acting.download(values);
  if (file) return { data: { saved: file.name, bytes: await file.write(body) } };
  const { bytes, whole } = await beginning(body);
  return { data: { text: textOf(bytes, !whole), bytes: bytes.length, whole } };
};

async function beginning(body: ReadableStream<Uint8Array>): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let count = 0;
  for (;;) {
    const { value } = await reader.read();
    if (!value) return { bytes: Buffer.concat(pieces), whole: true };
    pieces.push(value);
    count += value.length;
    if (count <= most) continue;
    await reader.cancel();
    return { bytes: Buffer.concat(pieces).subarray(0, most), whole: false };
  }
}

const nothing =
  "PVE sends nothing as well where there is no such file, and where the node lacks the package proxmox-backup-file-restore.";
const save = "Give `to`, a name for it in PROXMOX_UPLOAD_DIR, to have it whole.";

export const shownFile: Present = (data, { values }) => {
  const { saved, bytes, text, whole } = rowIn(data);
  const path = plain(String(values.filepath)) ?? values.filepath;
  if (bytes === 0) return { record: { path, bytes, saved }, summary: `PVE sent nothing for ${path}`, notes: [nothing] };
  if (saved !== undefined) return { record: { path, bytes, saved }, summary: `${path} was saved as ${saved}` };
  if (typeof text !== "string") {
    const summary = `${path} is no text (${whole === true ? bytes : `more than ${bytes}`} bytes; a folder comes as an archive)`;
    return { record: { path }, summary, notes: [save] };
  }
  const cut = whole === true ? [] : [`Cut after ${bytes} bytes. ${save}`];
  return { lines: text.split("\n"), summary: `${path} of ${values.volume}`, ...(cut.length > 0 ? { notes: cut } : {}) };
};
