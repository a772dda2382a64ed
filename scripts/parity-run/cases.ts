// The cases of all operations, a file a domain.
import type { Cases } from "./case.ts";
import { accessCases } from "./cases/access.ts";
import { certificateCases } from "./cases/certificates.ts";
import { clusterCases } from "./cases/cluster.ts";
import { commandCases } from "./cases/commands.ts";
import { firewallCases } from "./cases/firewall.ts";
import { guestConfigCases } from "./cases/guest-config.ts";
import { guestCases } from "./cases/guests.ts";
import { nodeCases } from "./cases/nodes.ts";
import { storageCases } from "./cases/storage.ts";

export const cases: Cases = {
  ...nodeCases,
  ...guestCases,
  ...guestConfigCases,
  ...storageCases,
  ...clusterCases,
  ...certificateCases,
  ...firewallCases,
  ...accessCases,
  ...commandCases,
};
