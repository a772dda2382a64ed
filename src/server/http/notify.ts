// Owns what the service manager is told (sd_notify): by the program systemd-notify, since no runtime has datagram sockets.
import { execFile } from "node:child_process";

/** Tells `READY=1`, `STOPPING=1` and the like; resolves with a sentence when it couldn't. */
export type Notify = (...states: readonly string[]) => Promise<string | undefined>;

/** @param socket NOTIFY_SOCKET; without one nobody asked, and nothing is run */
export function createNotify(socket: string | undefined, program = "systemd-notify"): Notify {
  return (...states) =>
    new Promise((resolve) => {
      if (socket === undefined) return resolve(undefined);
      execFile(program, [...states], { timeout: 5_000 }, (error) => {
        resolve(error ? `systemd was not told ${states.join(" ")}: ${error.message.split("\n")[0]}` : undefined);
      });
    });
}
