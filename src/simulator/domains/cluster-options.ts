// /cluster/options: datacenter.cfg. Property strings are taken apart when they are read, tags that are registered are a list.
import { readProperties } from "../../schema/property-string.ts";
import { endpoint, parameterOf } from "../../schema/registry.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { typed } from "./firewall-scope.ts";

type Row = Record<string, unknown>;

/** The options that PVE shows in parts. */
const parted = [
  "crs",
  "ha",
  "migration",
  "next-id",
  "notify",
  "replication",
  "tag-style",
  "u2f",
  "user-tag-access",
  "webauthn",
];

function shown(options: Readonly<Record<string, string>>): Row {
  const declared = endpoint("PUT /cluster/options");
  const parts = Object.entries(options).flatMap(([name, value]): [string, unknown][] => {
    const parameter = parameterOf(declared, name);
    if (name === "registered-tags") return [[name, value.split(";").sort()]];
    if (parameter === undefined || !parted.includes(name)) return [];
    return [[name, readProperties(parameter.definition, value)]];
  });
  return { ...typed("PUT /cluster/options", options), ...Object.fromEntries(parts) };
}

/** What is set, and a description that is always there for those who may read all. */
function read({ cluster, caller }: Call): Row {
  const set = shown(cluster.state.options);
  const tags = new Set(cluster.guests().flatMap((guest) => (guest.config.values.tags ?? "").split(";")));
  tags.delete("");
  if (caller.can("/", ["Sys.Audit"])) return { "allowed-tags": [...tags].sort(), description: "", ...set };
  return Object.fromEntries(
    ["console", "tag-style"].flatMap((name) => (set[name] === undefined ? [] : [[name, set[name]]])),
  );
}

function update({ cluster, params }: Call): null {
  for (const name of params.list("delete")) delete cluster.state.options[name];
  Object.assign(cluster.state.options, params.rest("delete"));
  return null;
}

export const clusterOptions: Handlers = {
  "GET /cluster/options": read,
  "PUT /cluster/options": update,
};
