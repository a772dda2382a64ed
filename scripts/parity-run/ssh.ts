// Owns the node that commands in containers are sent to: the tests' own SSH server, and the settings that lead there.
import { createHash } from "node:crypto";
import { clientKey, file, hostKey, serve } from "../../tests/ssh/server.ts";

export interface Node extends Disposable {
  readonly settings: Readonly<Record<string, string>>;
}

export async function openNode(): Promise<Node> {
  const served = await serve();
  const [, key = ""] = hostKey.public.split(" ");
  const fingerprint = createHash("sha256").update(Buffer.from(key, "base64")).digest("base64").replace(/=+$/, "");
  return {
    settings: {
      PROXMOX_SSH_ENABLED: "true",
      PROXMOX_SSH_HOST: "127.0.0.1",
      PROXMOX_SSH_PORT: String(served.port),
      PROXMOX_SSH_NODE: "pve1",
      PROXMOX_SSH_KEY_PATH: file("parity-key", clientKey.private),
      PROXMOX_SSH_HOST_KEY_FINGERPRINT: `SHA256:${fingerprint}`,
    },
    [Symbol.dispose]: () => served.close(),
  };
}
