// Notification targets: where PVE sends its messages. What a target signs in with is never shown.
import { rowIn } from "../handlers/rows.ts";
import { destroy, type Present, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const endpoints = "/cluster/notifications/endpoints/{target_type}";
const targets = "GET /cluster/notifications/targets";
const one = { forks: { target_type: ["smtp", "gotify", "sendmail", "webhook"] } } as const;

const targetNow: Present = async (_, { values, read: ask }) => {
  const { name = "", target_type: type } = values;
  const { data } = await ask(`GET /cluster/notifications/endpoints/${typeOf(type)}/{name}`, { name });
  return { record: rowIn(data) };
};

const typeOf = (type: unknown) => one.forks.target_type.find((known) => known === type) ?? "smtp";

export const notificationTools = [
  tool(
    "proxmox_notification",
    "Notification targets: smtp: server, from, mailto; gotify: server, token; sendmail: mailto",
    {
      list: read(targets, { done: "{count} notification targets", fields: "name type disable origin comment" }),
      get: read(`GET ${endpoints}/{name}`, { ...one, done: "Notification target {name}" }),
      create: write(`POST ${endpoints}`, {
        forks: { target_type: ["smtp", "gotify", "sendmail"] },
        show: ["mailto", "username", "password"],
        names: { "from-address": "from" },
        present: targetNow,
        done: "Notification target {name} was created; no message goes there until a matcher names it",
      }),
      delete: destroy(`DELETE ${endpoints}/{name}`, {
        ...one,
        replaces: `GET ${endpoints}/{name}`,
        done: "Notification target {name} was deleted",
      }),
      test: write("POST /cluster/notifications/targets/{name}/test", {
        done: "A test message was handed to target {name}",
      }),
    },
  ),
];
