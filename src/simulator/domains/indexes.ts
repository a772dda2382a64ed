// The lists of what lies below a path: fixed names, a table of them.
import type { EndpointKey } from "../../schema/endpoints.gen.ts";
import type { Handler, Handlers } from "../engine/handler.ts";

/** Path, the key that a row has, the names. */
const table: readonly [EndpointKey, key: string, names: string][] = [
  ["GET /access/openid", "subdir", "auth-url login"],
  ["GET /cluster/acme", "name", "account tos meta directories plugins challenge-schema"],
  ["GET /cluster/backup-info", "subdir", "not-backed-up"],
  ["GET /cluster/bulk-action", "name", "guest"],
  ["GET /cluster/bulk-action/guest", "name", "start shutdown migrate suspend"],
  ["GET /cluster/ceph", "name", "metadata status flags"],
  ["GET /cluster/config", "name", "nodes totem join qdevice apiversion"],
  ["GET /cluster/ha", "id", "status resources groups rules"],
  ["GET /cluster/ha/status", "name", "current manager_status disarm-ha arm-ha"],
  ["GET /cluster/jobs", "subdir", "schedule-analyze realm-sync"],
  ["GET /cluster/mapping", "name", "dir pci usb"],
  ["GET /cluster/metrics", "name", "server"],
  ["GET /cluster/notifications", "name", "endpoints matchers targets matcher-fields matcher-field-values"],
  ["GET /cluster/notifications/endpoints", "name", "gotify sendmail smtp webhook"],
  ["GET /cluster/notifications/matcher-fields", "name", "type hostname job-id"],
  ["GET /cluster/qemu", "name", "cpu-flags custom-cpu-models"],
  ["GET /cluster/sdn", "id", "vnets zones controllers ipams dns fabrics"],
  ["GET /cluster/sdn/fabrics", "subdir", "fabric node all"],
  ["GET /nodes/{node}/apt", "id", "changelog repositories update versions"],
  ["GET /nodes/{node}/capabilities", "name", "qemu"],
  ["GET /nodes/{node}/capabilities/qemu", "name", "cpu cpu-flags machines migration"],
  [
    "GET /nodes/{node}/ceph",
    "name",
    "cmd-safety cfg crush fs init log mds mgr mon osd pool releases restart restart-bulk rules start status stop",
  ],
  ["GET /nodes/{node}/ceph/cfg", "name", "raw db value"],
  ["GET /nodes/{node}/certificates", "name", "acme custom info"],
  ["GET /nodes/{node}/certificates/acme", "name", "certificate"],
  ["GET /nodes/{node}/disks", "name", "list initgpt smart lvm lvmthin directory wipedisk zfs"],
  ["GET /nodes/{node}/hardware", "type", "pci usb"],
  ["GET /nodes/{node}/qemu/{vmid}/agent", "name", ""],
  ["GET /nodes/{node}/scan", "method", "cifs iscsi lvm nfs pbs zfs"],
  ["GET /nodes/{node}/sdn", "name", "fabrics vnets zones"],
  ["GET /nodes/{node}/services/{service}", "subdir", "state start stop restart reload"],
];

const agentCommands =
  "exec exec-status file-read file-write fsfreeze-freeze fsfreeze-status fsfreeze-thaw fstrim get-fsinfo get-host-name get-memory-block-info get-memory-blocks get-osinfo get-time get-timezone get-users get-vcpus info network-get-interfaces ping set-user-password shutdown suspend-disk suspend-hybrid suspend-ram";

const list =
  (key: string, names: string): Handler =>
  () =>
    names.split(" ").map((name) => ({ [key]: name }));

export const indexes: Handlers = Object.fromEntries(
  table.map(([path, key, names]) => [path, list(key, names === "" ? agentCommands : names)]),
);
