// Owns how files come to a storage: from PROXMOX_UPLOAD_DIR or from a URL, what kind they are, what became of them.
import type { UploadFile } from "../pve/client.ts";
import { PveError } from "../pve/errors.ts";
import type { WireValue } from "../schema/check.ts";
import type { Acting, Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { needed } from "../toolkit/upload-folder.ts";
import { rowsIn } from "./rows.ts";
import { contentOf, newestFirst } from "./stored-volumes.ts";

/** The kinds of files that PVE takes, by the endings that it takes them under. */
const kinds: readonly (readonly [content: string, ending: RegExp])[] = [
  ["iso", /\.(?:iso|img)$/i],
  ["vztmpl", /\.tar(?:\.(?:gz|xz|zst|bz2))?$/i],
  ["import", /\.(?:ova|ovf|qcow2|raw|vmdk)$/i],
];

/** What a file is: as the call says, else by its ending. */
function kindOf(given: unknown, filename: string): string {
  if (given === "backup") {
    throw new Refusal(
      "content backup: PVE's API takes no backups; copy the file into the storage's dump folder on a node, under its own name",
    );
  }
  const kind = given ?? kinds.find(([, ending]) => ending.test(filename))?.[0];
  if (kind !== undefined) return String(kind);
  throw new Refusal(
    `content is missing, and the ending of ${JSON.stringify(filename)} doesn't tell it: iso, vztmpl or import`,
  );
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The last part of a URL's path as a file name. */
function nameIn(url: string): string {
  const name = URL.canParse(url) ? lastOf(decoded(new URL(url).pathname)) : "";
  if (kinds.some(([, ending]) => ending.test(name))) return name;
  throw new Refusal("filename is missing: the URL doesn't end in a name with an ending that PVE takes, such as .iso");
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The name that PVE writes a file under: other characters of it become `_`. */
const nameOnStorage = (filename: unknown): string => lastOf(String(filename)).replace(/[^-\w.]/g, "_");

/** What is uploaded, and as what. */
export const toUpload = ({ values }: Ground) => ({ content: kindOf(values.content, String(values.filename)) });

/** PVE writes over a file of that name, which nothing brings back. @throws Refusal */
async function mustBeNew({ values, read }: Ground, content: WireValue): Promise<void> {
  const { node = "", storage = "" } = values;
  const volid = `${storage}:${content}/${nameOnStorage(values.filename)}`;
  const there = await read(contentOf, { node, storage, content }).catch(unseen);
  if (!rowsIn(there.data).some((row) => row.volid === volid)) return;
  throw new Refusal(`${volid} is there already: action=delete deletes it, or upload the file under another name`);
}

/** A token may be allowed to upload and not to look. */
function unseen(error: unknown): { data: unknown } {
  if (error instanceof PveError && error.kind === "forbidden") return { data: [] };
  throw error;
}

/** What is downloaded, under which name and as what. */
export function toDownload({ values }: Ground) {
  const filename = values.filename === undefined ? nameIn(String(values.url)) : String(values.filename);
  return { filename, content: kindOf(values.content, filename) };
}

/** Sends a file of PROXMOX_UPLOAD_DIR as it is read. */
export const uploaded: Perform = async (acting, { filename, ...rest }) => {
  const file = await needed(acting.folder).open(String(filename));
  await mustBeNew(acting, rest.content ?? "");
  return acting.upload(rest, toldOf(file, acting));
};

/** The same file, of whose sending the host is told at every tenth. */
function toldOf(file: UploadFile, { progress }: Acting): UploadFile {
  const open = () => {
    let [sent, next] = [0, file.size / 10];
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        sent += piece.length;
        controller.enqueue(piece);
        if (sent < next) return;
        next = sent + file.size / 10;
        progress(`sent ${sent} of ${file.size} bytes of ${file.filename}`);
      },
    });
    return file.open().pipeThrough(count);
  };
  return { ...file, open };
}

/** The volume as it is now. */
export const brought: Present = async (_, { values, read: ask }) => {
  const { node = "", storage = "" } = values;
  const name = nameOnStorage(values.filename);
  const { data } = await ask(contentOf, { node, storage, content: values.content ?? "" });
  const volid = `${storage}:${values.content}/${name}`;
  const found = newestFirst(data).find((row) => row.volid === volid);
  return found ? { record: found } : { notes: [`${volid} is not in the storage's list (yet).`] };
};
