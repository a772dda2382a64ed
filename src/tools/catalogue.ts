// Every tool of the server by category, in the order in which they are listed.
import type { Tool } from "../toolkit/tool.ts";
import { acmeTools } from "./acme.ts";
import { agentTools } from "./agent.ts";
import { backupTools } from "./backups.ts";
import { cephTools } from "./ceph.ts";
import { certificateTools } from "./certificates.ts";
import { cloudInitTools } from "./cloud-init.ts";
import { clusterTools } from "./cluster.ts";
import { consoleTools } from "./consoles.ts";
import { containerTools } from "./containers.ts";
import { contentTools } from "./content.ts";
import { diskTools } from "./disks.ts";
import { fileRestoreTools } from "./file-restore.ts";
import { firewallTools } from "./firewall.ts";
import { firewallSetTools } from "./firewall-sets.ts";
import { guestFirewallTools } from "./guest-firewall.ts";
import { guestLifeTools } from "./guest-life.ts";
import { guestNetworkTools } from "./guest-network.ts";
import { guestPowerTools } from "./guest-power.ts";
import { guestSettingsTools } from "./guest-settings.ts";
import { guestTools } from "./guests.ts";
import { haTools } from "./ha.ts";
import { jobTools } from "./jobs.ts";
import { lxcExecTools } from "./lxc-exec.ts";
import { mountpointTools } from "./mountpoints.ts";
import { nodeDiskTools } from "./node-disks.ts";
import { nodeLogTools } from "./node-logs.ts";
import { nodeNetworkTools } from "./node-network.ts";
import { nodePowerTools } from "./node-power.ts";
import { nodeSystemTools } from "./node-system.ts";
import { nodeTools } from "./nodes.ts";
import { notificationTools } from "./notifications.ts";
import { poolTools } from "./pools.ts";
import { realmTools } from "./realms.ts";
import { roleTools } from "./roles.ts";
import { sdnTools } from "./sdn.ts";
import { snapshotTools } from "./snapshots.ts";
import { storageTools } from "./storages.ts";
import { userTools } from "./users.ts";
import { virtualMachineTools } from "./virtual-machines.ts";
import { volumeTools } from "./volumes.ts";

/** The categories, by the names that PROXMOX_TOOLSETS takes. */
export const categories = {
  nodes: [...nodeTools, ...nodeSystemTools, ...nodeLogTools, ...nodeNetworkTools, ...nodePowerTools, ...nodeDiskTools],
  guests: [
    ...guestTools,
    ...guestPowerTools,
    ...guestSettingsTools,
    ...guestLifeTools,
    ...snapshotTools,
    ...volumeTools,
    ...guestNetworkTools,
    ...guestFirewallTools,
  ],
  "guest-creation": [...virtualMachineTools, ...containerTools],
  agent: agentTools,
  cluster: [...clusterTools, ...jobTools],
  "cluster-firewall": [...firewallTools, ...firewallSetTools],
  ha: haTools,
  storage: [...storageTools, ...contentTools, ...fileRestoreTools],
  sdn: sdnTools,
  access: [...userTools, ...roleTools, ...realmTools, ...poolTools],
  ceph: cephTools,
  console: consoleTools,
  backup: backupTools,
  "vm-disks": diskTools,
  "lxc-mountpoints": mountpointTools,
  "lxc-exec": lxcExecTools,
  "cloud-init": cloudInitTools,
  certificates: certificateTools,
  acme: acmeTools,
  notifications: notificationTools,
} as const satisfies Readonly<Record<string, readonly Tool[]>>;

export const catalogue: readonly Tool[] = Object.values(categories).flat();
