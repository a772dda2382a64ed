// The archive that a backup leaves on its storage: its notes, its size, and which older ones go.
import type { Call } from "../engine/handler.ts";
import type { Guest, Storage, Volume } from "../engine/state.ts";
import type { Worker } from "../engine/worker.ts";
import { guestName } from "../guests/figures.ts";
import { byGuest, keepsAll, markBackups, readRetention } from "../guests/retention.ts";
import { gibibyte, kibibyte, mebibyte } from "../guests/size.ts";
import { isShared, removeVolume } from "../guests/volumes.ts";

export interface Made {
  storage: Storage;
  volid: string;
  format: string;
  held: NonNullable<Volume["backup"]>;
  bytes: number;
}

/** The archive on its storage. */
export function finish(call: Call, worker: Worker, guest: Guest, made: Made): Volume {
  const { cluster, node, params } = call;
  const size = Math.max(2048, Math.floor(made.bytes * (params.text("compress") === "zstd" ? 0.11 : 0.2)));
  const template = params.text("notes-template");
  const volume: Volume = {
    volid: made.volid,
    storage: made.storage.storage,
    ...(isShared(made.storage) ? {} : { node }),
    content: "backup",
    format: made.format,
    size,
    used: size,
    vmid: guest.vmid,
    ctime: cluster.seconds(),
    ...(template === undefined ? {} : { notes: filled(call, guest, template) }),
    ...(params.flag("protected") ? { protected: true } : {}),
    backup: made.held,
  };
  cluster.state.volumes.push(volume);
  const inMegabytes = size >= gibibyte ? `${(size / gibibyte).toFixed(2)}GB` : `${Math.floor(size / mebibyte)}MB`;
  worker.log(`INFO: archive file size: ${size < mebibyte ? `${Math.floor(size / kibibyte)}KB` : inMegabytes}`);
  if (template !== undefined) worker.log("INFO: adding notes to backup");
  if (params.flag("protected")) worker.log("INFO: marking backup as protected");
  return volume;
}

function filled({ cluster, node }: Call, guest: Guest, template: string): string {
  const words: Record<string, string> = {
    cluster: cluster.state.name,
    guestname: guestName(guest),
    node,
    vmid: String(guest.vmid),
  };
  const text = template.replaceAll("\\n", "\n").replaceAll("\\\\", "\\");
  return text.replaceAll(/\{\{([^}]+)\}\}/g, (whole, name: string) => words[name.trim()] ?? whole);
}

/** After each guest: the retention of the request, or else the storage's own. */
export function prune({ cluster, params }: Call, worker: Worker, storage: Storage, archive: Volume): void {
  const text = params.text("prune-backups") ?? storage.options["prune-backups"];
  if (text === undefined || (params.has("remove") && !params.flag("remove"))) return;
  const retention = readRetention(text);
  if (keepsAll(retention)) return;
  worker.log(`INFO: prune older backups with retention: ${text.split(",").join(", ")}`);
  const own = (volume: Volume) =>
    volume.storage === archive.storage && volume.node === archive.node && volume.vmid === archive.vmid;
  const groups = byGuest(cluster.state.volumes.filter((volume) => own(volume) && volume.backup !== undefined));
  const gone = groups
    .flatMap((group) => markBackups(group, retention))
    .filter(({ mark, volume }) => mark === "remove" && volume.backup?.type === archive.backup?.type);
  for (const { volume } of gone) {
    worker.log(`INFO: removing backup '${volume.volid}'`);
    removeVolume(cluster, volume);
  }
  worker.log(`INFO: pruned ${gone.length} backup(s) not covered by keep-retention policy`);
}
