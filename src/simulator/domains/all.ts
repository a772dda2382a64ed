// Every domain's table, put together.
import type { Handlers } from "../engine/handler.ts";
import { access } from "./access.ts";
import { accessExtras } from "./access-extras.ts";
import { acme } from "./acme.ts";
import { acmeAccounts } from "./acme-accounts.ts";
import { acmeOrders } from "./acme-orders.ts";
import { agent } from "./agent.ts";
import { apt } from "./apt.ts";
import { backupJobs } from "./backup-jobs.ts";
import { bulk } from "./bulk.ts";
import { capabilities } from "./capabilities.ts";
import { ceph } from "./ceph.ts";
import { nodeCertificates } from "./certificates.ts";
import { cloudInit } from "./cloud-init.ts";
import { cluster } from "./cluster.ts";
import { clusterConfig } from "./cluster-config.ts";
import { clusterOptions } from "./cluster-options.ts";
import { content } from "./content.ts";
import { fileRestore } from "./file-restore.ts";
import { firewall } from "./firewall.ts";
import { grants } from "./grants.ts";
import { guestClone } from "./guest-clone.ts";
import { guestFeature } from "./guest-feature.ts";
import { guestMigrate } from "./guest-migrate.ts";
import { guestMove } from "./guest-move.ts";
import { guestScreen } from "./guest-screen.ts";
import { guestSnapshots } from "./guest-snapshots.ts";
import { guestSuspend } from "./guest-suspend.ts";
import { haPlacement } from "./ha-placement.ts";
import { haResources } from "./ha-resources.ts";
import { indexes } from "./indexes.ts";
import { lxc } from "./lxc.ts";
import { mapping } from "./mapping.ts";
import { metrics } from "./metrics.ts";
import { network } from "./network.ts";
import { nodeDisks } from "./node-disks.ts";
import { nodeLogs } from "./node-logs.ts";
import { nodePower } from "./node-power.ts";
import { nodeSystem } from "./node-system.ts";
import { nodes } from "./nodes.ts";
import { notifications } from "./notifications.ts";
import { pools } from "./pools.ts";
import { prunebackups } from "./prune.ts";
import { qemu } from "./qemu.ts";
import { realms } from "./realms.ts";
import { replication } from "./replication.ts";
import { rrd } from "./rrd.ts";
import { sdn } from "./sdn.ts";
import { services } from "./services.ts";
import { storage } from "./storage.ts";
import { storageConfig } from "./storage-config.ts";
import { subscriptions } from "./subscription.ts";
import { tasks } from "./tasks.ts";
import { templates } from "./templates.ts";
import { tickets } from "./tickets.ts";
import { uploads } from "./upload.ts";
import { users } from "./users.ts";
import { vzdumps } from "./vzdump.ts";

export const handlers: Handlers = {
  ...access,
  ...indexes,
  ...backupJobs,
  ...mapping,
  ...metrics,
  ...notifications,
  ...clusterConfig,
  ...clusterOptions,
  ...bulk,
  ...nodeDisks,
  ...nodeLogs,
  ...nodePower,
  ...nodeSystem,
  ...subscriptions,
  ...templates,
  ...services,
  ...ceph,
  ...nodeCertificates,
  ...sdn,
  ...acme,
  ...acmeAccounts,
  ...acmeOrders,
  ...replication,
  ...apt,
  ...capabilities,
  ...haResources,
  ...accessExtras,

  ...cluster,
  ...content,
  ...guestClone,
  ...guestMigrate,
  ...guestMove,
  ...guestSnapshots,
  ...guestSuspend,
  ...guestScreen,
  ...guestFeature,
  ...cloudInit,
  ...rrd,
  ...uploads,
  ...fileRestore,
  ...grants,
  ...firewall,
  ...users,
  ...storageConfig,
  ...agent,
  ...haPlacement,
  ...lxc,
  ...network,
  ...nodes,
  ...pools,
  ...qemu,
  ...realms,
  ...storage,
  ...tasks,
  ...prunebackups,
  ...vzdumps,
  ...tickets,
};
