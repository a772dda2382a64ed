// What a running container says of its interfaces; null when it is stopped (facts 57).

import type { Call } from "../engine/handler.ts";
import { networkInterfaces } from "../guests/interfaces.ts";
import { guestOf } from "./guest-config.ts";

export function interfaces(call: Call): unknown {
  const guest = guestOf(call, "lxc");
  return guest.process === undefined ? null : networkInterfaces(guest);
}
