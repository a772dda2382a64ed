// Owns where the HTTP service listens: `[HOST:]PORT` or `unix:PATH`, and whether that is this machine's alone.
import { BlockList, isIP } from "node:net";

/** A TCP port at an address, or a socket in the file system. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** What `--http` says, or what is wrong with it. Without a host it is loopback; port 0 is any free one. */
export function readAddress(text: string): Address | { readonly problem: string } {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    return path.startsWith("/") ? { path } : { problem: "unix: needs a whole path, unix:/run/proxmox-mcp/mcp.sock" };
  }
  const [, host = "127.0.0.1", digits = ""] = /^(?:(\[[^\]]*\]|[^:]*):)?(\d{1,5})$/.exec(text) ?? [];
  const port = digits === "" ? Number.NaN : Number(digits);
  if (!(port <= 65_535)) return { problem: "it is [HOST:]PORT or unix:PATH" };
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (host.startsWith("[") ? isIP(name) !== 6 : !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)) {
    return { problem: "what stands before the port is no address: 127.0.0.1, [::1] or a name" };
  }
  // the name may stand for either kind of address, and one of them is enough
  return { host: name === "localhost" ? "127.0.0.1" : name, port };
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether only this machine reaches it. A name other than localhost may be any address. */
export function isLocal(address: Address): boolean {
  if ("path" in address) return true;
  const kind = isIP(address.host);
  return kind !== 0 && loopback.check(address.host, kind === 6 ? "ipv6" : "ipv4");
}

/** The address as it stands in a URL. */
export function shownAddress(address: Address): string {
  if ("path" in address) return `unix:${address.path}`;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
