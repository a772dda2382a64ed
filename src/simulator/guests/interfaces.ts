// The interfaces inside a container: loopback and those of its config, with the addresses it was given.
import type { Guest } from "../engine/state.ts";
import { isNet } from "./options.ts";
import { readProperties } from "./properties.ts";

const loopback = {
  "hardware-address": "00:00:00:00:00:00",
  hwaddr: "00:00:00:00:00:00",
  inet: "127.0.0.1/8",
  inet6: "::1/128",
  "ip-addresses": [
    { "ip-address": "127.0.0.1", "ip-address-type": "inet", prefix: "8" },
    { "ip-address": "::1", "ip-address-type": "inet6", prefix: "128" },
  ],
  name: "lo",
};

export function networkInterfaces(guest: Guest): unknown[] {
  const own = Object.entries(guest.config.values)
    .filter(([name]) => isNet(name))
    .map(([, value]) => {
      const { name = "eth0", hwaddr = "", ip = "" } = readProperties(value, "name");
      const dynamic = ip === "dhcp" ? `192.0.2.${100 + (guest.vmid % 100)}/24` : ip;
      const [address, prefix] = dynamic.split("/");
      const mac = hwaddr.toLowerCase();
      const known = prefix !== undefined;
      return {
        "hardware-address": mac,
        hwaddr: mac,
        ...(known ? { inet: dynamic } : {}),
        "ip-addresses": known ? [{ "ip-address": address, "ip-address-type": "inet", prefix }] : [],
        name,
      };
    });
  return [loopback, ...own];
}
