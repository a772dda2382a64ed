// Owns the checks on the way to a node before TLS: its name, its port.
import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { PveError } from "../pve/errors.ts";
import { noConnection } from "../pve/loss.ts";
import { type Finding, failed, ok } from "./finding.ts";

/** A place to connect to. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds for a connection to be made. */
const patience = 5_000;

export async function checkName({ host }: Place): Promise<Finding> {
  if (isIP(host) !== 0) return ok("name", `${host} is an address`);
  try {
    const found = await lookup(host, { all: true });
    return ok("name", `${host} is ${found.map(({ address }) => address).join(", ")}`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return failed(
      "name",
      `${host} can't be looked up (${code})`,
      "Correct PROXMOX_HOST, or name the node's address there.",
    );
  }
}

export async function checkPort({ host, port }: Place): Promise<Finding> {
  const place = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  const problem = await opened({ host, port }).then(
    () => undefined,
    (error: unknown) => noConnection(error, place),
  );
  return problem instanceof PveError ? failed("port", problem.sentence, problem.next) : ok("port", `${place} is open`);
}

function opened(place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...place, timeout: patience });
    socket
      .once("connect", () => {
        socket.destroy();
        resolve();
      })
      .once("timeout", () => {
        socket.destroy();
        reject(Object.assign(new Error(`no answer within ${patience / 1000} s`), { code: "ETIMEDOUT" }));
      })
      .once("error", reject);
  });
}
