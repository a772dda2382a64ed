// Files brought to a storage: uploaded, downloaded from a URL, or copied from another volume.
import { createHash } from "node:crypto";
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Storage, Volume } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { logTime } from "../guests/archive.ts";
import { shownSize } from "../guests/size.ts";
import { contents, findVolume, isFileBased, isOnNode, isShared, storageOf, volumePath } from "../guests/volumes.ts";
import { fetchFile } from "../guests/web.ts";

const endings: Readonly<Record<string, RegExp>> = {
  iso: /\.(?:iso|img)$/i,
  vztmpl: /\.(?:tar\.(?:gz|xz|zst|bz2)|tar)$/i,
  import: /\.(?:ova|ovf|qcow2|raw|vmdk)$/i,
};

/** The storage, as far as it takes such files. */
function target({ cluster, node, params }: Call, what: string): Storage {
  const storage = cluster.storage(params.need("storage"));
  if (!isOnNode(storage, node)) throw failure(`storage '${storage.storage}' is not available on node '${node}'`);
  if (storage.options.disable === "1") throw failure(`storage '${storage.storage}' is disabled`);
  if (!isFileBased(storage)) throw failure(`can't ${what} to storage type '${storage.type}'`);
  const content = params.need("content");
  if (!contents(storage).includes(content))
    throw failure(`storage '${storage.storage}' is not configured for content-type '${content}'`);
  return storage;
}

/** What stands in the way of a name, or the name as it will be. */
function fileName({ params }: Call): string {
  const name = (params.need("filename").split(/[/\\]/).pop() ?? "").replaceAll(/[^-\w.]/g, "_");
  const content = params.need("content");
  if (endings[content]?.test(name) !== true) throw invalid({ filename: "wrong file extension" });
  return name;
}

function formatOf(name: string): string {
  const archive = /\.tar\.(\w+)$/i.exec(name)?.[1];
  if (archive !== undefined) return `t${archive}`;
  return /\.img$/i.test(name) ? "iso" : (name.split(".").pop() ?? "raw").toLowerCase();
}

function keep(call: Call, storage: Storage, name: string, size: number): void {
  const { cluster, node, params } = call;
  const volid = `${storage.storage}:${params.need("content")}/${name}`;
  const there = findVolume(cluster, node, volid);
  if (there !== undefined) {
    Object.assign(there, { size, used: size, ctime: cluster.seconds() });
    return;
  }
  cluster.state.volumes.push({
    volid,
    storage: storage.storage,
    ...(isShared(storage) ? {} : { node }),
    content: params.need("content"),
    format: formatOf(name),
    size,
    used: size,
    ctime: cluster.seconds(),
  });
}

function upload(call: Call): string {
  const { cluster, caller, node, params } = call;
  const file = call.upload;
  if (file === undefined) throw failure("missing temporary file name");
  const name = fileName(call);
  const storage = target(call, "upload");
  const path = volumePath(storage, `${storage.storage}:${params.need("content")}/${name}`);
  return cluster.fork(caller, node, "imgcopy", "", function* (worker) {
    const temporary = `/var/tmp/pveupload-${cluster.random.hex(32)}`;
    worker.log(`starting file import from: ${temporary}`, `target node: ${node}`, `target file: ${path}`);
    worker.log(`file size is: ${shownSize(file.bytes.length)}`);
    yield 200;
    assertSum(call, worker, (algorithm) => createHash(algorithm).update(file.bytes).digest("hex"));
    worker.log(`command: cp -- ${temporary} ${path}`);
    yield 200;
    keep(call, storage, name, file.bytes.length);
    worker.log("finished file import successfully");
  });
}

function assertSum({ params }: Call, worker: Worker, got: (algorithm: string) => string): void {
  const expected = params.text("checksum");
  const algorithm = params.text("checksum-algorithm");
  if (expected === undefined || algorithm === undefined) return;
  worker.log("calculating checksum...");
  const sum = got(algorithm);
  if (sum !== expected.toLowerCase()) throw failure(`checksum mismatch: got '${sum}' != expect '${expected}'`);
  worker.log("OK, checksum verified");
}

function download(call: Call): string {
  const { cluster, caller, node, params } = call;
  const name = fileName(call);
  const storage = target(call, "upload");
  const url = params.need("url");
  const path = volumePath(storage, `${storage.storage}:${params.need("content")}/${name}`);
  return cluster.fork(caller, node, "download", name, (worker) =>
    downloadSteps(call, worker, { storage, name, url, path }),
  );
}

function* downloadSteps(
  call: Call,
  worker: Worker,
  { storage, name, url, path }: { storage: Storage; name: string; url: string; path: string },
): Work {
  const { cluster, node, params } = call;
  worker.log(`downloading ${url} to ${path}`);
  if (findVolume(cluster, node, `${storage.storage}:${params.need("content")}/${name}`) !== undefined)
    throw failure(`refusing to override existing file '${path}'`);
  worker.log(`--${logTime(cluster.now())}--  ${url}`);
  yield 300;
  const found = fetchFile(cluster.state, url);
  if ("refused" in found) throw failure(`download failed: ${found.refused}`);
  worker.log(`Connecting to ${found.host}... connected.`);
  if (found.size === undefined) {
    worker.log("HTTP request sent, awaiting response... 404 File not found");
    worker.log(`${logTime(cluster.now())} ERROR 404: File not found.`);
    throw failure("download failed: exit code 8");
  }
  const { size, sum } = found;
  worker.log("HTTP request sent, awaiting response... 200 OK", `Length: ${size} (${Math.round(size / 1024 ** 2)}M)`);
  const temporary = `${path}.tmp_dwnl.${cluster.task(worker.upid)?.pid ?? 0}`;
  worker.log(`Saving to: '${temporary}'`);
  yield Math.min(10_000, 200 + size / 200_000);
  worker.log(`${logTime(cluster.now())} - '${temporary}' saved [${size}/${size}]`);
  assertSum(call, worker, (algorithm) => sum(algorithm) ?? params.need("checksum").toLowerCase());
  keep(call, storage, name, size);
  worker.log(`download of '${url}' to '${path}' finished`);
}

/** Root's alone: a copy of a volume beside it. */
function copy(call: Call): string {
  const { cluster, caller, node, params } = call;
  const given = params.need("volume");
  const source = given.includes(":") ? given : `${params.need("storage")}:${given}`;
  const wanted = params.need("target");
  const to = wanted.includes(":") ? wanted : `${params.need("storage")}:${wanted}`;
  cluster.storage(storageOf(to));
  return cluster.fork(caller, node, "imgcopy", "", function* () {
    const volume = findVolume(cluster, node, source);
    if (volume === undefined) throw failure(`volume '${source}' does not exist`);
    yield 500;
    const { vmid: _, backup: __, notes: ___, protected: ____, ...rest } = volume;
    const made: Volume = { ...rest, volid: to, storage: storageOf(to), ctime: cluster.seconds() };
    cluster.state.volumes.push(made);
  });
}

export const uploads: Handlers = {
  "POST /nodes/{node}/storage/{storage}/upload": upload,
  "POST /nodes/{node}/storage/{storage}/download-url": download,
  "POST /nodes/{node}/storage/{storage}/content/{volume}": copy,
};
