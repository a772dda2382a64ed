// What a backup's log says of its notification: the built-in target mails to root@pam.
import type { Call } from "../engine/handler.ts";

export function notified({ cluster, params }: Call, well: boolean): string[] {
  const mode = params.text("mailnotification");
  if (well && mode === "failure") return [];
  if (cluster.state.access.users["root@pam"]?.options.email !== undefined)
    return ["INFO: notified via target `mail-to-root`"];
  return [
    "WARN: 'root@pam' does not have a configured email address in the user configuration - not sending an email to this user",
    "ERROR: could not notify via target `mail-to-root`: could not notify via endpoint(s): mail-to-root: no recipients provided for the mail, cannot send it.",
  ];
}
