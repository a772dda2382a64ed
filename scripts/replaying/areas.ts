// Owns which endpoints belong to what the embedded cluster is to be right about first: guests, tasks, storages, access.

const areas: readonly RegExp[] = [
  /^\/version$/,
  /^\/cluster\/(?:resources|status|nextid|tasks|options)$/,
  /^\/nodes$/,
  /^\/nodes\/\{node\}\/(?:status|version|time|vzdump|storage|tasks)(?:\/|$)/,
  /^\/nodes\/\{node\}\/(?:qemu|lxc)(?:\/(?!\{vmid\}\/(?:firewall|agent|sendkey|monitor))|$)/,
  /^\/(?:storage|pools)(?:\/|$)/,
  /^\/access\/(?:users|groups|roles|acl|permissions|ticket|password)(?:\/|$)/,
];

export function isInArea(template: string | null): boolean {
  return template !== null && areas.some((area) => area.test(template));
}
