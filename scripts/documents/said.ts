// Owns the sentences of PVE that docs/troubleshooting.md has a cure for: one for each cure that differs.
import type { Circumstances } from "../../src/pve/advice.ts";

export type Said = Pick<Circumstances, "kind" | "text" | "status" | "endpoint" | "values">;

const guest = { node: "pve1", vmid: 100 };

export const said: readonly Said[] = [
  { kind: "unauthorised", status: 401, text: "No ticket" },
  { kind: "unauthorised", status: 401, text: "no such token 'mcp' for user 'root@pam'" },
  { kind: "forbidden", status: 403, text: "Permission check failed (/vms/100, VM.PowerMgmt)" },
  { kind: "forbidden", status: 403, text: "Permission check failed (user != root@pam)" },
  { kind: "forbidden", status: 403, text: "Permission check failed" },
  { kind: "invalid", status: 400, text: "Parameter verification failed." },
  { kind: "invalid", status: 501, text: "for data too large" },
  { kind: "missing", text: "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist", values: guest },
  { kind: "missing", text: "hostname lookup 'pve9' failed", values: { node: "pve9" } },
  { kind: "missing", status: 400, text: "no such task" },
  { kind: "missing", text: "storage 'backup' does not exist" },
  { kind: "locked", text: "VM is locked (backup)", values: guest },
  { kind: "locked", text: "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout" },
  { kind: "conflict", text: "detected modified configuration - file changed by other user? Try again." },
  { kind: "conflict", text: "No QEMU guest agent configured" },
  { kind: "conflict", text: "QEMU guest agent is not running" },
  { kind: "conflict", text: "VM 100 not running" },
  { kind: "conflict", text: "VM 100 already running" },
  { kind: "conflict", text: "can't remove VM 100 - protection mode enabled" },
  { kind: "conflict", text: "unable to remove VM 100 - used in HA resources and purge parameter not set." },
  {
    kind: "unsupported",
    status: 501,
    text: "Method 'GET /cluster/ha/rules' not implemented",
    endpoint: "GET /cluster/ha/rules",
  },
  { kind: "unsupported", text: "cannot list ha groups: ha groups have been migrated to rules" },
  { kind: "unsupported", text: "binary not installed: /usr/bin/ceph-mon" },
  { kind: "node-down", status: 595, text: "No route to host", values: { node: "pve2" } },
  { kind: "node-down", status: 596, text: "Connection timed out", values: { node: "pve2" } },
  {
    kind: "node-down",
    status: 596,
    text: "tls_process_server_certificate: certificate verify failed",
    values: { node: "pve2" },
  },
];
