// /access/domains: the realms that users log in through; pam and pve are there whatever the file holds.
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { assertFresh, changeSection, sectionDigest, sectionFile } from "../engine/section-file.ts";
import type { Section, SectionFile } from "../engine/state.ts";
import { typed } from "./firewall-scope.ts";

type Row = Record<string, unknown>;

const builtin: Readonly<SectionFile> = {
  pam: { type: "pam", options: { comment: "Linux PAM standard authentication" } },
  pve: { type: "pve", options: { comment: "Proxmox VE authentication server" } },
};

/** What each kind of realm can't do without. */
const required: Readonly<Record<string, readonly string[]>> = {
  ad: ["server1", "domain"],
  ldap: ["server1", "base_dn", "user_attr"],
  openid: ["issuer-url", "client-id"],
};

/** Parameters of a request that are no options of the realm; secrets are kept beside the file and never shown. */
const notKept = ["realm", "type", "delete", "digest", "password", "check-connection"];

const own = ({ cluster }: Call) => sectionFile(cluster.state, "domains.cfg");
const known = (call: Call): SectionFile => ({ ...builtin, ...own(call) });

function list(call: Call): Row[] {
  return Object.entries(known(call)).map(([realm, { type, options }]) => ({
    ...(options.comment === undefined ? {} : { comment: options.comment }),
    ...(options.default === "1" ? { default: 1 } : {}),
    realm,
    ...(options.tfa === undefined ? {} : { tfa: /type=(\w+)/.exec(String(options.tfa))?.[1] }),
    type,
  }));
}

function one(call: Call): Row {
  const realm = call.params.need("realm");
  const section = known(call)[realm];
  if (section === undefined) throw failure(`domain '${realm}' does not exist`);
  const texts = Object.fromEntries(Object.entries(section.options).map(([name, value]) => [name, String(value)]));
  return { ...typed("POST /access/domains", texts), digest: sectionDigest(own(call)), type: section.type };
}

/** One realm alone is the login window's default. */
function sole(call: Call, realm: string): void {
  if (!call.params.flag("default")) return;
  for (const [other, { options }] of Object.entries(own(call))) if (other !== realm) delete options.default;
}

function create(call: Call): null {
  const attempt = "add auth server failed: ";
  const [realm, type] = [call.params.need("realm"), call.params.need("type")];
  if (known(call)[realm] !== undefined) throw failure(`${attempt}domain '${realm}' already exists`);
  const missing = required[type]?.find((name) => !call.params.has(name));
  if (missing !== undefined) throw failure(`${attempt}missing value for required option '${missing}'`);
  own(call)[realm] = { type, options: call.params.rest(...notKept) };
  sole(call, realm);
  return null;
}

function update(call: Call): null {
  const realm = call.params.need("realm");
  const file = own(call);
  try {
    assertFresh(file, call.params.text("digest"));
  } catch (problem) {
    throw failure(`update auth server failed: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
  const section: Section | undefined = file[realm] ?? structuredClone(builtin[realm]);
  if (section === undefined) {
    const place = "at /usr/share/perl5/PVE/API2/Domains.pm line 261.";
    throw failure(`update auth server failed: cannot lookup undefined type! ${place}`);
  }
  changeSection(section, call.params.rest(...notKept), call.params.list("delete"));
  file[realm] = section;
  sole(call, realm);
  return null;
}

/** pam and pve lose what was set of them and stay, though PVE says 200 (facts 58). */
function remove(call: Call): null {
  const realm = call.params.need("realm");
  if (known(call)[realm] === undefined) throw failure(`delete auth server failed: domain '${realm}' does not exist`);
  delete own(call)[realm];
  return null;
}

/** Nothing answers at a realm's server. */
function sync(call: Call): string {
  const { cluster, caller, node, params } = call;
  const realm = params.need("realm");
  const section = known(call)[realm];
  if (section === undefined) throw failure(`domain '${realm}' does not exist`);
  if (section.type !== "ldap" && section.type !== "ad")
    throw failure(`Cannot sync realm type '${section.type}'! Only LDAP/AD realms can be synced.`);
  const test = params.flag("dry-run");
  return cluster.fork(caller, node, `auth-realm-sync${test ? "-test" : ""}`, realm, function* (worker) {
    worker.log(`${test ? "(dry test run) " : ""}starting sync for realm ${realm}`);
    yield 3000;
    throw failure("No route to host");
  });
}

export const realms: Handlers = {
  "GET /access/domains": list,
  "POST /access/domains": create,
  "GET /access/domains/{realm}": one,
  "PUT /access/domains/{realm}": update,
  "DELETE /access/domains/{realm}": remove,
  "POST /access/domains/{realm}/sync": sync,
};
