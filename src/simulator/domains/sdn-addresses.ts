// Which addresses belong to a network.
import { BlockList, isIP } from "node:net";

export function isAddressIn(address: string, cidr: string): boolean {
  const [network = "", mask = ""] = cidr.split("/");
  const family = (text: string) => (isIP(text) === 6 ? "ipv6" : "ipv4");
  if (isIP(address) === 0 || isIP(network) !== isIP(address)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(mask), family(network));
  return block.check(address, family(address));
}
