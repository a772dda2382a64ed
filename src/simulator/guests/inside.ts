// What lies in a backup: a small tree of files for each disk, made up from the guest's own config.
import { Buffer } from "node:buffer";
import type { Backup } from "../engine/state.ts";

/** Path → what the file holds. Folders are what paths share. */
export type Tree = ReadonlyMap<string, Uint8Array>;

/** The archives of a backup and the files in them, by the paths that proxmox-file-restore gives them. */
export function treeOf({ type, values, disks }: Backup, vmid: number): Tree {
  const files = new Map<string, Uint8Array>();
  const add = (path: string, content: string | Uint8Array) =>
    files.set(path, typeof content === "string" ? Buffer.from(content, "utf8") : content);
  const name = values.hostname ?? values.name ?? `guest${vmid}`;
  const system = (root: string) => {
    add(`${root}/etc/hostname`, `${name}\n`);
    add(`${root}/etc/hosts`, `127.0.0.1 localhost\n127.0.1.1 ${name}\n`);
    add(`${root}/etc/fstab`, "# made by the installer\n");
    add(`${root}/usr/bin/true`, Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0xff, 0xfe]));
    add(`${root}/var/log/syslog`, Array.from({ length: 1000 }, (_, n) => `line ${n + 1} of ${name}'s log\n`).join(""));
  };
  if (type === "lxc") system("/root.pxar.didx");
  else
    Object.entries(disks).forEach(([drive, disk], place) => {
      const root = `/drive-${drive}.img.fidx/part/1`;
      if (disk.system === true || place === 0) system(root);
      else add(`${root}/data/README`, `${drive} of ${name}\n`);
    });
  return files;
}

/** An entry as the list shows it. */
export interface Entry {
  path: string;
  name: string;
  /** PVE's letter: an archive, a folder, a file. */
  type: "v" | "d" | "f";
  size?: number;
}

/** What stands in a folder; nothing when there is no such folder. */
export function entriesIn(tree: Tree, folder: string): Entry[] {
  const root = folder.replace(/\/+$/, "");
  const found = new Map<string, Entry>();
  for (const [path, content] of tree) {
    if (!path.startsWith(`${root}/`)) continue;
    const [name = "", ...deeper] = path.slice(root.length + 1).split("/");
    const whole = `${root}/${name}`;
    const type = root === "" ? "v" : deeper.length > 0 ? "d" : "f";
    found.set(whole, { path: whole, name, type, ...(type === "f" ? { size: content.length } : {}) });
  }
  return [...found.values()];
}

/** The files below a folder, by their paths from its parent on. */
export function filesIn(tree: Tree, folder: string): [name: string, content: Uint8Array][] {
  const root = folder.replace(/\/+$/, "");
  const from = root.lastIndexOf("/") + 1;
  return [...tree]
    .filter(([path]) => path.startsWith(`${root}/`))
    .map(([path, content]) => [path.slice(from), content]);
}
