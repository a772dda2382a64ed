// Owns what is told of a guest that was deleted: which volumes, backups and jobs of it remain.

import { PveError } from "../pve/errors.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { rowsIn } from "./rows.ts";

/** The rows of a list; nothing where it may not or can't be read, and then `unread` says so. */
type Look = (endpoint: EndpointKey, values: Readonly<Record<string, string | number | boolean>>) => Promise<Row[]>;

export const leftovers: Present = async (_, ground) => {
  const { guest, values } = ground;
  const [vmid, node] = [guest?.vmid ?? 0, guest?.node ?? ""];
  const unread: string[] = [];
  const look = looking(ground, unread);
  const storages = await look("GET /nodes/{node}/storage", { node, enabled: true });
  const able = storages.filter(({ content }) => /images|rootdir|backup/.test(String(content)));
  const places = able.filter(({ active }) => Number(active ?? 1) === 1);
  const away = able.filter((one) => !places.includes(one)).map(({ storage }) => `storage ${storage} is not active`);
  unread.push(...away);
  const found = await Promise.all(
    places.map(({ storage }) =>
      look("GET /nodes/{node}/storage/{storage}/content", { node, storage: String(storage), vmid }),
    ),
  );
  const its = found.flat().filter((volume) => Number(volume.vmid) === vmid);
  const backups = its.filter(({ content }) => content === "backup").map(({ volid }) => String(volid));
  const volumes = its
    .filter(({ content }) => content === "images" || content === "rootdir")
    .map(({ volid }) => String(volid));
  const jobs = await jobsOf(look, vmid);
  const nothing = backups.length + volumes.length + jobs.length === 0;
  return {
    record: {
      vmid,
      node,
      ...(volumes.length > 0 ? { volumes } : {}),
      ...(backups.length > 0 ? { backups } : {}),
      ...(jobs.length > 0 ? { jobs } : {}),
    },
    notes: [
      ...(volumes.length > 0
        ? ["Volumes that carry its number remain (volumes); the guest's configuration didn't name them."]
        : []),
      ...(backups.length > 0 ? ["Its backups remain (backups): it can be restored from them."] : []),
      ...(jobs.length > 0
        ? [
            `It is still named in jobs (jobs).${Number(values.purge ?? 0) === 1 ? "" : " purge=true would have taken it out."}`,
          ]
        : []),
      ...(nothing && unread.length === 0 ? [nothingLeft(places, node)] : []),
      ...(unread.length > 0 ? [`What else remains could not be read whole: ${unread[0]}`] : []),
    ],
  };
};

/** PVE lists the storages alone that the token may see. */
function nothingLeft(storages: readonly Row[], node: string): string {
  if (storages.length === 0) return `What remains of it isn't known: the token may see no storage of ${node}.`;
  const names = storages.map(({ storage }) => storage).join(", ");
  return `No volume or backup of it is left on ${names} of ${node}, and no job names it.`;
}

const looking =
  ({ read }: Ground, unread: string[]): Look =>
  async (endpoint, values) => {
    try {
      const { data } = await read(endpoint, values);
      return rowsIn(data);
    } catch (error) {
      if (!(error instanceof PveError)) throw error;
      unread.push(error.sentence);
      return [];
    }
  };

async function jobsOf(look: Look, vmid: number): Promise<string[]> {
  const [backups, replications] = await Promise.all([
    look("GET /cluster/backup", {}),
    look("GET /cluster/replication", {}),
  ]);
  const names = ({ vmid: list, exclude }: Row) =>
    `${list ?? ""},${exclude ?? ""}`.split(/[,; ]/).includes(String(vmid));
  return [
    ...backups.filter(names).map(({ id }) => `backup ${id}`),
    ...replications.filter(({ guest }) => Number(guest) === vmid).map(({ id }) => `replication ${id}`),
  ];
}
