// Owns the check of Host and Origin: a web page whose name was turned to this machine gets no further (DNS rebinding).

/** The names under which the service may be asked: loopback's own, and those that it was given. */
export function allowedHosts(names: readonly string[]): ReadonlySet<string> {
  return new Set(["localhost", "127.0.0.1", "[::1]", ...names.map(written)]);
}

/** A name as it stands in a Host header. */
function written(name: string): string {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain.includes(":") && !plain.startsWith("[") ? `[${plain}]` : plain;
}

/** A certificate's `*.example.com` stands for one label. */
const isAmong = (name: string, allowed: ReadonlySet<string>): boolean =>
  allowed.has(written(name)) || (/[a-z]/i.test(name) && allowed.has(written(name).replace(/^[^.]+/, "*")));

/** Why a request is not taken (MCP 2025-11-25, Transports, security warning), or undefined. A request without Origin is no web page's. */
export function strangeSource(
  { host, origin }: { readonly host: string | undefined; readonly origin: string | undefined },
  allowed: ReadonlySet<string>,
): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i.exec(host ?? "") ?? [];
  if (name === undefined || !isAmong(name, allowed)) {
    return `the Host header names no host of this service${name === undefined ? "" : ` (${name}); --allow-host adds one`}`;
  }
  if (origin === undefined) return undefined;
  const [, from] = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i.exec(origin) ?? [];
  return from !== undefined && isAmong(from, allowed) ? undefined : "the Origin header is that of a foreign web page";
}
