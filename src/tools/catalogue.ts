// Every tool of the server, in the order in which it is listed.
import type { Tool } from "../toolkit/tool.ts";
import { clusterTools } from "./cluster.ts";
import { diskTools } from "./disks.ts";
import { guestNetworkTools } from "./guest-network.ts";
import { guestTools } from "./guests.ts";
import { nodeTools } from "./nodes.ts";
import { virtualMachineTools } from "./virtual-machines.ts";

export const catalogue: readonly Tool[] = [
  ...nodeTools,
  ...clusterTools,
  ...guestTools,
  ...virtualMachineTools,
  ...diskTools,
  ...guestNetworkTools,
];
