// Every domain's table, put together.
import type { Handlers } from "../engine/handler.ts";
import { access } from "./access.ts";
import { agent } from "./agent.ts";
import { cloudInit } from "./cloud-init.ts";
import { cluster } from "./cluster.ts";
import { content } from "./content.ts";
import { firewall } from "./firewall.ts";
import { grants } from "./grants.ts";
import { guestClone } from "./guest-clone.ts";
import { guestConsole } from "./guest-console.ts";
import { guestFeature } from "./guest-feature.ts";
import { guestMigrate } from "./guest-migrate.ts";
import { guestMove } from "./guest-move.ts";
import { guestSnapshots } from "./guest-snapshots.ts";
import { guestSuspend } from "./guest-suspend.ts";
import { haPlacement } from "./ha-placement.ts";
import { lxc } from "./lxc.ts";
import { network } from "./network.ts";
import { nodes } from "./nodes.ts";
import { pools } from "./pools.ts";
import { prunebackups } from "./prune.ts";
import { qemu } from "./qemu.ts";
import { rrd } from "./rrd.ts";
import { storage } from "./storage.ts";
import { storageConfig } from "./storage-config.ts";
import { tasks } from "./tasks.ts";
import { tickets } from "./tickets.ts";
import { uploads } from "./upload.ts";
import { users } from "./users.ts";
import { vzdumps } from "./vzdump.ts";

export const handlers: Handlers = {
  ...access,
  ...cluster,
  ...content,
  ...guestClone,
  ...guestMigrate,
  ...guestMove,
  ...guestSnapshots,
  ...guestSuspend,
  ...guestConsole,
  ...guestFeature,
  ...cloudInit,
  ...rrd,
  ...uploads,
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
  ...storage,
  ...tasks,
  ...prunebackups,
  ...vzdumps,
  ...tickets,
};
