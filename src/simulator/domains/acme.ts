// ACME beside its accounts: directories, challenge plugins; plugins are a file of sections.
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { assertFresh, changeSection, sectionDigest, sectionFile } from "../engine/section-file.ts";
import type { Section } from "../engine/state.ts";
import { typed } from "./firewall-scope.ts";

type Row = Record<string, unknown>;

const plugins = ({ cluster }: Call) => sectionFile(cluster.state, "acme/plugins.cfg");

const directories = [
  { name: "Let's Encrypt V2", url: "https://acme-v02.api.letsencrypt.org/directory" },
  { name: "Let's Encrypt V2 Staging", url: "https://acme-staging-v02.api.letsencrypt.org/directory" },
];

/** DNS services that a challenge can be put into; those that one meets. */
const dnsApis =
  "acmedns active24 ad ali aws azure cf cloudns desec dgon duckdns dynu gandi_livedns gcloud gd hetzner inwx ionos kappernet linode_v4 namecheap namesilo nsupdate ovh pdns porkbun route53 vultr";

/** What the services ask for, by the names that their scripts read. */
const fields: Readonly<Record<string, string>> = {
  acmedns: "ACMEDNS_USERNAME ACMEDNS_PASSWORD ACMEDNS_SUBDOMAIN ACMEDNS_UPDATE_URL",
  active24: "ACTIVE24_Token",
  ad: "AD_API_KEY",
  ali: "Ali_API Ali_Key Ali_Secret",
  aws: "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
  cf: "CF_Account_ID CF_Email CF_Key CF_Token CF_Zone_ID",
  dgon: "DO_API_KEY",
  gd: "GD_Key GD_Secret",
  inwx: "INWX_Password INWX_User",
  kappernet: "KAPPERNETDNS_Key KAPPERNETDNS_Secret",
  ovh: "OVH_AK OVH_AS OVH_CK OVH_END_POINT",
  pdns: "PDNS_ServerId PDNS_Token PDNS_Ttl PDNS_Url",
};

/** What some of the fields are besides. */
const extra: Readonly<Record<string, Row>> = {
  AWS_ACCESS_KEY_ID: { name: "ACCESS_KEY_ID" },
  AWS_SECRET_ACCESS_KEY: { name: "SECRET_ACCESS_KEY" },
  Ali_API: { default: "https://alidns.aliyuncs.com/", optional: 1 },
  OVH_CK: { optional: 1 },
  OVH_END_POINT: { default: "ovh-eu", optional: 1 },
};

function schemaOf(id: string): Row {
  const names = fields[id]?.split(" ");
  if (names === undefined) return {};
  const entries = names.map((name) => [
    name,
    { description: name.replaceAll("_", " "), ...extra[name], type: "string" },
  ]);
  return { ...(id === "cf" ? { description: "Cloudflare" } : {}), fields: Object.fromEntries(entries), name: id };
}

function shown(call: Call, plugin: string, { type, options }: Section): Row {
  const texts = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
  return { ...typed("POST /cluster/acme/plugins", texts), digest: sectionDigest(plugins(call)), plugin, type };
}

function found(call: Call): Section {
  const id = call.params.need("id");
  const section = plugins(call)[id];
  if (section === undefined) throw failure(`ACME plugin '${id}' not defined`);
  return section;
}

function list(call: Call): Row[] {
  const type = call.params.text("type");
  const own = Object.entries(plugins(call)).map(([id, section]) => shown(call, id, section));
  const standalone = { digest: sectionDigest(plugins(call)), plugin: "standalone", type: "standalone" };
  return [...own, standalone].filter((row) => type === undefined || row.type === type);
}

/** The data comes as base64 and is kept as text. */
function options({ params }: Call): Record<string, string> {
  const { data, ...rest } = params.rest("id", "type", "delete", "digest");
  return data === undefined ? rest : { ...rest, data: decode(data) };
}

function decode(data: string): string {
  try {
    return atob(data);
  } catch {
    return data;
  }
}

export const acme: Handlers = {
  "GET /cluster/acme/directories": () => directories,
  "GET /cluster/acme/challenge-schema": () => [
    ...dnsApis.split(" ").map((id) => ({ id, name: id, schema: schemaOf(id), type: "dns" })),
    { id: "standalone", name: "Standalone HTTP", schema: {}, type: "standalone" },
  ],
  "GET /cluster/acme/plugins": list,
  "GET /cluster/acme/plugins/{id}": (call) => shown(call, call.params.need("id"), found(call)),
  "POST /cluster/acme/plugins": (call) => {
    const id = call.params.need("id");
    if (plugins(call)[id] !== undefined) throw failure(`ACME plugin ID '${id}' already exists`);
    plugins(call)[id] = { type: call.params.need("type"), options: options(call) };
    return null;
  },
  "PUT /cluster/acme/plugins/{id}": (call) => {
    assertFresh(plugins(call), call.params.text("digest"));
    changeSection(found(call), options(call), call.params.list("delete"));
    return null;
  },
  "DELETE /cluster/acme/plugins/{id}": (call) => {
    delete plugins(call)[call.params.need("id")];
    return null;
  },
};
