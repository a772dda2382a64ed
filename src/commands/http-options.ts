// Owns what the options of `serve --http` mean together: where it listens, with what TLS, and what it refuses to do.
import { type Address, isLocal, readAddress } from "../server/http/address.ts";
import type { Context } from "./command.ts";

export interface HttpOptions {
  readonly address: Address;
  /** Files of the certificate with its chain and of its key, in PEM form. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly authentication: boolean;
  /** Names under which clients reach the service, beside the address itself. */
  readonly hosts: readonly string[];
}

/** Reads the options, or says what is wrong. Nothing is served without authentication that others can reach. */
export function readHttpOptions(options: Context["options"]): HttpOptions | { readonly problem: string } {
  const text = (name: string) => (typeof options[name] === "string" ? options[name] : undefined);
  const given = text("http") ?? "";
  const address = readAddress(given);
  if ("problem" in address) return { problem: `--http ${given}: ${address.problem}` };
  const [cert, key] = [text("tls-cert"), text("tls-key")];
  if ((cert === undefined) !== (key === undefined)) return { problem: "--tls-cert and --tls-key go together" };
  const [proxied, open] = [options["behind-proxy"] === true, options["no-auth"] === true];
  const local = isLocal(address);
  if (open && (!local || proxied)) {
    return { problem: "--no-auth is for loopback alone: whom others can reach asks for a token" };
  }
  if (!local && cert === undefined && !proxied) {
    return {
      problem: `--http ${given} is not loopback: it needs --tls-cert and --tls-key, or --behind-proxy where a proxy has the TLS`,
    };
  }
  const hosts = (text("allow-host") ?? "").split(/[\n,\s]+/).filter((name) => name !== "");
  const wrong = hosts.find((name) => !/^(?:\[?[0-9a-f:.]+\]?|[a-z0-9_.-]+)$/i.test(name));
  if (wrong !== undefined) return { problem: `--allow-host ${wrong} is no name of a host` };
  const tls = cert === undefined || key === undefined ? {} : { tls: { cert, key } };
  return { address, authentication: !open, hosts, ...tls };
}
