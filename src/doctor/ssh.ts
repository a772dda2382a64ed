// Owns the check of SSH to the nodes: the way, the host key, the login.
import { PveError } from "../pve/errors.ts";
import { type SshSettings, targetOf } from "../ssh/settings.ts";
import type { Member } from "./cluster.ts";
import { type Finding, failed, ok } from "./finding.ts";

/** One line a node that is online; where SSH isn't enabled one line that says so. */
export async function checkSsh(settings: SshSettings | undefined, members: readonly Member[]): Promise<Finding[]> {
  if (settings === undefined) return [ok("SSH", "not enabled: no commands in containers (PROXMOX_SSH_ENABLED)")];
  const { connect } = await import("../ssh/connection.ts");
  const up = members.filter(({ online }) => online);
  return Promise.all(
    up.map(async ({ name, address }) => {
      const target = targetOf(settings, name, address);
      try {
        (await connect(settings, name, target)).end();
        return ok("SSH", `${settings.user} on ${target.host}:${target.port} (node ${name})`);
      } catch (error) {
        if (!(error instanceof PveError)) throw error;
        return failed("SSH", error.sentence, error.next);
      }
    }),
  );
}
