// Owns how an address is written in a setting: scheme, host name, IPv4, IPv6, port.
import type { Kind, Reading } from "./kind.ts";

/** A host as sockets take it (an IPv6 address without brackets, a name in lower case), and the port if one was written. */
export interface Address {
  readonly host: string;
  readonly port?: number;
}

const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Reads an address such as `https://pve:8006/`, `pve.example.com:443`, `[2001:db8::1]:8006`, `2001:db8::1`. A scheme alone gives no port. */
export function parseAddress(text: string, schemes: readonly string[]): Reading<Address> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "http" && schemes.includes("https")) {
    return { cure: "PVE's API speaks TLS only: leave the scheme out or write https://" };
  }
  if (scheme !== undefined && !schemes.includes(scheme)) {
    return { cure: schemes.length === 0 ? "leave the scheme out" : "leave the scheme out or write https://" };
  }
  const rest = text.slice(scheme === undefined ? 0 : scheme.length + 3).replace(/[./]+$/, "");
  if (rest === "") return { cure: "there is no host in it" };
  if (/\s/.test(rest)) return { cure: "a blank has no place in it" };
  if (rest.includes(",")) return { cure: "it takes one host" };
  if (rest.includes("@")) return { cure: "leave out what stands before the @: a user has a setting of its own" };
  if (/[/?#\\]/.test(rest)) return { cure: "leave out the path: host and port are enough" };
  return hostAndPort(rest);
}

function hostAndPort(text: string): Reading<Address> {
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return ipv6(bracketed[1] ?? "", bracketed[2]);
  const colons = text.split(":").length - 1;
  if (colons > 1) return ipv6(text, undefined);
  const [name = "", port] = text.split(":");
  const host = hostName(name);
  return typeof host === "string" ? withPort(host, port) : host;
}

function ipv6(text: string, port: string | undefined): Reading<Address> {
  if (text.includes("%")) return { cure: "an address with a zone (%…) can't be used: take a global address or a name" };
  const url = /^[0-9a-f:.]+$/i.test(text) ? parsed(`[${text}]`) : undefined;
  if (url === undefined) return { cure: "that isn't an IPv6 address; with a port it is written [address]:port" };
  return withPort(url.slice(1, -1), port);
}

function hostName(text: string): string | { cure: string } {
  // The URL parser turns a name with other letters than ASCII into its DNS form.
  const name = (/[^\0-\x7f]/.test(text) ? parsed(text) : text.toLowerCase())?.replace(/\.+$/, "");
  if (name === undefined || name === "") return { cure: "that isn't a host name" };
  const labels = name.split(".");
  if (/^\d+$/.test(labels.at(-1) ?? "")) {
    const dotted = labels.length === 4 && labels.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
    return dotted ? name : { cure: "that isn't an IPv4 address: four numbers from 0 to 255" };
  }
  if (name.length > 253 || !labels.every((part) => label.test(part))) {
    return { cure: "a host name has letters, digits and hyphens between its dots" };
  }
  return name;
}

function withPort(host: string, port: string | undefined): Reading<Address> {
  if (port === undefined) return { value: { host } };
  const number = portNumber(port);
  if (number === undefined) return { cure: "the port behind the colon is a whole number from 1 to 65535" };
  return { value: { host, port: number } };
}

function portNumber(text: string): number | undefined {
  const number = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= 65535 ? number : undefined;
}

function parsed(host: string): string | undefined {
  try {
    return new URL(`https://${host}`).hostname;
  } catch {
    return undefined;
  }
}

/** Host and port as they stand in a URL: an IPv6 address gets its brackets. */
export function authority(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

// What stands before an @ may be a password, and so may what follows a question mark.
const shown = (text: string): string => text.replace(/^(.*\/\/)?.*@/s, "$1…@").replace(/[?#].*$/s, "?…");

export const port: Kind<number> = {
  allowed: "a whole number from 1 to 65535",
  read(text): Reading<number> {
    const value = portNumber(text);
    return value === undefined ? {} : { value };
  },
};

/** One address or several, with commas between them; none twice. */
export const apiAddresses: Kind<readonly Address[]> = {
  allowed:
    "a host name, an IPv4 or an IPv6 address; https:// before it and :port behind it may be there; or several of them with commas between",
  read(text): Reading<readonly Address[]> {
    const parts = text.split(",").map((part) => part.trim());
    const addresses: Address[] = [];
    for (const part of parts.filter((one) => one !== "" || parts.length === 1)) {
      const reading = parseAddress(part, ["https"]);
      if (!("value" in reading)) return reading;
      if (addresses.some(({ host, port }) => host === reading.value.host && port === reading.value.port)) {
        return { cure: `it names ${reading.value.host} twice` };
      }
      addresses.push(reading.value);
    }
    return addresses.length > 0 ? { value: addresses } : { cure: "there is no host in it" };
  },
  shown: (text) => text.split(",").map(shown).join(","),
};

/** Nodes and their addresses: `node=address`, with commas between them. */
export const nodeAddresses: Kind<Readonly<Record<string, Address>>> = {
  allowed: "node=address for each node, with commas between; :port may be there",
  read(text): Reading<Readonly<Record<string, Address>>> {
    const addresses: Record<string, Address> = {};
    for (const part of text.split(",").map((one) => one.trim())) {
      const [, node = "", rest = ""] = /^([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)\s*=\s*(.+)$/.exec(part) ?? [];
      if (node === "") return {};
      if (addresses[node]) return { cure: `it names ${node} twice` };
      const reading = parseAddress(rest, []);
      if (!("value" in reading)) return reading;
      addresses[node] = reading.value;
    }
    return { value: addresses };
  },
  shown,
};

export const sshAddress: Kind<Address> = {
  allowed: "a host name, an IPv4 or an IPv6 address; :port may be there",
  read: (text) => parseAddress(text, []),
  shown,
};
