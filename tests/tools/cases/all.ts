// Every domain's cases.
import { cases as access } from "./access.ts";
import { cases as agent } from "./agent.ts";
import type { Cases } from "./cases.ts";
import { cases as cluster } from "./cluster.ts";
import { cases as firewall } from "./firewall.ts";
import { cases as guestConfig } from "./guest-config.ts";
import { cases as guests } from "./guests.ts";
import { cases as nodes } from "./nodes.ts";
import { cases as storage } from "./storage.ts";

export const domains: readonly Cases[] = [guests, guestConfig, nodes, storage, cluster, firewall, access, agent];
