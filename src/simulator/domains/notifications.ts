// /cluster/notifications: endpoints of four kinds, matchers, targets; the built-in ones come back when they are deleted (facts 58).
import { createHash } from "node:crypto";
import type { EndpointKey } from "../../schema/endpoints.gen.ts";
import { ApiError, failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { changeSection, sectionFile, sectionText } from "../engine/section-file.ts";
import type { Section, SectionFile } from "../engine/state.ts";

type Row = Record<string, unknown>;
type Kind = "gotify" | "sendmail" | "smtp" | "webhook";

const builtin: Readonly<SectionFile> = {
  "mail-to-root": {
    type: "sendmail",
    options: { comment: "Send mails to root@pam's email address", "mailto-user": ["root@pam"] },
  },
  "default-matcher": {
    type: "matcher",
    options: { comment: "Route all notifications to mail-to-root", mode: "all", target: ["mail-to-root"] },
  },
};

/** The built-in sections, unless they were changed, and the user's. */
function entries({ cluster }: Call): SectionFile {
  return { ...builtin, ...sectionFile(cluster.state, "notifications.cfg") };
}

const own = ({ cluster }: Call) => sectionFile(cluster.state, "notifications.cfg");
const digest = (call: Call) =>
  createHash("sha256")
    .update(sectionText(entries(call)))
    .digest("hex");

function origin(call: Call, name: string): string {
  if (builtin[name] === undefined) return "user-created";
  return own(call)[name] === undefined ? "builtin" : "modified-builtin";
}

const lists = [
  "mailto",
  "mailto-user",
  "target",
  "match-field",
  "match-severity",
  "match-calendar",
  "header",
  "secret",
];
const numbers = ["port", "disable", "invert-match"];
const secrets = ["token", "password", "secret"];

function shown(call: Call, name: string, { options }: Section): Row {
  const values = Object.entries(options)
    .filter(([option]) => !secrets.includes(option))
    .map(([option, value]) => [option, numbers.includes(option) ? Number(value) : value]);
  return { ...Object.fromEntries(values), name, origin: origin(call, name) };
}

const missing = (name: string) => new ApiError(404, `endpoint '${name}' not found`);

function given(call: Call): Section["options"] {
  const { params } = call;
  const texts = params.rest("name", "delete", "digest", ...lists);
  const arrays = lists.flatMap((name) => (params.has(name) ? [[name, params.array(name)] as const] : []));
  return { ...texts, ...Object.fromEntries(arrays) };
}

function assertDigest(call: Call): void {
  const wanted = call.params.text("digest");
  if (wanted !== undefined && wanted !== digest(call))
    throw new ApiError(400, "detected modified configuration - file changed by other user? Try again.");
}

function assertValid(kind: Kind | "matcher", options: Section["options"]): void {
  const recipients = [options.mailto ?? [], options["mailto-user"] ?? []].flat();
  if ((kind === "sendmail" || kind === "smtp") && recipients.length === 0)
    throw new ApiError(400, "must at least provide one recipient, either in mailto or in mailto-user");
  const known = ["info", "notice", "warning", "error", "unknown"];
  const severity = [options["match-severity"] ?? []]
    .flat()
    .flatMap((text) => text.split(","))
    .find((text) => !known.includes(text));
  if (severity !== undefined) throw failure(`error: invalid severity ${severity}`);
}

function handlers(kind: Kind | "matcher") {
  const what = kind === "matcher" ? "matcher" : "endpoint";
  const found = (call: Call): { name: string; section: Section } => {
    const name = call.params.need("name");
    const section = entries(call)[name];
    if (section?.type !== kind)
      throw what === "endpoint" ? missing(name) : new ApiError(404, `matcher '${name}' not found`);
    return { name, section };
  };
  const list: Handler = (call) =>
    Object.entries(entries(call))
      .filter(([, section]) => section.type === kind)
      .map(([name, section]) => shown(call, name, section));
  const one: Handler = (call) => {
    const { name, section } = found(call);
    return { ...shown(call, name, section), digest: digest(call) };
  };
  const create: Handler = (call) => {
    const name = call.params.need("name");
    if (entries(call)[name] !== undefined) throw new ApiError(400, `${what} '${name}' already exists`);
    const options = given(call);
    assertValid(kind, options);
    own(call)[name] = { type: kind, options };
    return null;
  };
  const update: Handler = (call) => {
    const { name, section } = found(call);
    assertDigest(call);
    const changed = structuredClone(section);
    changeSection(changed, given(call), call.params.list("delete"));
    assertValid(kind, changed.options);
    own(call)[name] = changed;
    return null;
  };
  const remove: Handler = (call) => {
    const { name } = found(call);
    const users = Object.entries(entries(call)).flatMap(([id, section]) =>
      [section.options.target ?? []].flat().includes(name) && section.type === "matcher" ? [id] : [],
    );
    if (kind !== "matcher" && users.length > 0 && builtin[name] === undefined)
      throw new ApiError(400, `cannot delete '${name}', referenced by: ${users.join(", ")}`);
    delete own(call)[name];
    return null;
  };
  return { list, one, create, update, remove };
}

function targets(call: Call): Row[] {
  return Object.entries(entries(call)).flatMap(([name, section]) => {
    if (section.type === "matcher") return [];
    const { comment, disable, origin: from } = shown(call, name, section);
    const extra = { ...(comment === undefined ? {} : { comment }), ...(disable === undefined ? {} : { disable }) };
    return [{ ...extra, name, origin: from, type: section.type }];
  });
}

/** Nothing outside listens, but a host that the state knows; mail goes to who has an address. */
function test(call: Call): null {
  const name = call.params.need("name");
  const section = entries(call)[name];
  if (section === undefined || section.type === "matcher") throw new ApiError(404, `endpoint '${name}' does not exist`);
  const fail = (why: string) => failure(`Could not test target: could not notify via endpoint(s): ${name}: ${why}`);
  const { users } = call.cluster.state.access;
  const mailto = [section.options.mailto ?? []].flat();
  const addresses = [section.options["mailto-user"] ?? []]
    .flat()
    .filter((id) => users[id]?.options.email !== undefined);
  if (["sendmail", "smtp"].includes(section.type) && mailto.length + addresses.length === 0)
    throw fail("no recipients provided for the mail, cannot send it.");
  if (section.type === "sendmail") return null;
  const server = String(section.options.server ?? section.options.url ?? "");
  const reached = call.cluster.state.receivers.some((host) => server.includes(host));
  if (section.type === "smtp" && !(reached && String(section.options.port ?? "25") === "25"))
    throw fail("Connection error: Connection refused (os error 111)");
  if (!reached) throw fail("io: Connection refused");
  if (/\/bad$/.test(server)) throw failure("Could not test target: http status: 500");
  return null;
}

const types = ["package-updates", "fencing", "replication", "vzdump", "system-mail"];

function fieldValues(call: Call): Row[] {
  const nodes = Object.keys(call.cluster.state.nodes);
  const jobs = Object.keys(call.cluster.state.files["jobs.cfg"] ?? {});
  return [
    ...types.map((value) => ({ field: "type", value })),
    ...nodes.map((value) => ({ field: "hostname", value })),
    ...jobs.map((value) => ({ field: "job-id", value })),
  ];
}

function table(kind: Kind): Handlers {
  const { list, one, create, update, remove } = handlers(kind);
  const base = `/cluster/notifications/endpoints/${kind}` as const;
  const rows: [EndpointKey, Handler][] = [
    [`GET ${base}`, list],
    [`POST ${base}`, create],
    [`GET ${base}/{name}`, one],
    [`PUT ${base}/{name}`, update],
    [`DELETE ${base}/{name}`, remove],
  ];
  return Object.fromEntries(rows);
}

const matcher = handlers("matcher");

export const notifications: Handlers = {
  ...table("gotify"),
  ...table("sendmail"),
  ...table("smtp"),
  ...table("webhook"),
  "GET /cluster/notifications/matchers": matcher.list,
  "POST /cluster/notifications/matchers": matcher.create,
  "GET /cluster/notifications/matchers/{name}": matcher.one,
  "PUT /cluster/notifications/matchers/{name}": matcher.update,
  "DELETE /cluster/notifications/matchers/{name}": matcher.remove,
  "GET /cluster/notifications/targets": targets,
  "POST /cluster/notifications/targets/{name}/test": test,
  "GET /cluster/notifications/matcher-field-values": fieldValues,
};
