// A VM's interfaces as its agent reports them: loopback and a card for each NIC of the config.
import type { Guest } from "../engine/state.ts";
import { macOf } from "./network.ts";
import { isNet } from "./options.ts";

const statistics = {
  "rx-bytes": 1_048_576,
  "rx-dropped": 0,
  "rx-errs": 0,
  "rx-packets": 1200,
  "tx-bytes": 524_288,
  "tx-dropped": 0,
  "tx-errs": 0,
  "tx-packets": 800,
};

const loopback = {
  "hardware-address": "00:00:00:00:00:00",
  "ip-addresses": [
    { "ip-address": "127.0.0.1", "ip-address-type": "ipv4", prefix: 8 },
    { "ip-address": "::1", "ip-address-type": "ipv6", prefix: 128 },
  ],
  name: "lo",
  statistics,
};

export function networkInterfaces(guest: Guest): unknown[] {
  const cards = Object.entries(guest.config.values).filter(([name]) => isNet(name));
  return [
    loopback,
    ...cards.map(([, value], index) => ({
      "hardware-address": macOf(value)?.toLowerCase() ?? "",
      "ip-addresses": [
        { "ip-address": `192.0.2.${100 + ((guest.vmid + index) % 150)}`, "ip-address-type": "ipv4", prefix: 24 },
      ],
      name: `ens${18 + index}`,
      statistics,
    })),
  ];
}
