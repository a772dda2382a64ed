// Realms, second factors and OpenID, as far as they are read.
import { ApiError, failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { sectionDigest, sectionFile } from "../engine/section-file.ts";
import type { Section, SectionFile } from "../engine/state.ts";
import { typed } from "./firewall-scope.ts";

type Row = Record<string, unknown>;

const builtin: Readonly<SectionFile> = {
  pam: { type: "pam", options: { comment: "Linux PAM standard authentication" } },
  pve: { type: "pve", options: { comment: "Proxmox VE authentication server" } },
};

const own = ({ cluster }: Call) => sectionFile(cluster.state, "domains.cfg");
const realms = (call: Call): SectionFile => ({ ...builtin, ...own(call) });

function found(call: Call, attempt = ""): Section {
  const realm = call.params.need("realm");
  const section = realms(call)[realm];
  if (section === undefined) throw failure(`${attempt}domain '${realm}' does not exist`);
  return section;
}

function list(call: Call): Row[] {
  return Object.entries(realms(call)).map(([realm, { type, options }]) => ({
    ...(options.comment === undefined ? {} : { comment: options.comment }),
    realm,
    ...(options.tfa === undefined ? {} : { tfa: /type=(\w+)/.exec(String(options.tfa))?.[1] }),
    type,
  }));
}

function one(call: Call): Row {
  const { type, options } = found(call);
  const texts = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
  return { ...typed("POST /access/domains", texts), digest: sectionDigest(own(call)), type };
}

export const accessExtras: Handlers = {
  "GET /access/domains": list,
  "GET /access/domains/{realm}": one,
  "GET /access/tfa": () => [],
  "GET /access/tfa/{userid}": () => [],
  "GET /access/tfa/{userid}/{id}": (call) => {
    throw new ApiError(404, `No such tfa entry '${call.params.need("id")}'`);
  },
  "GET /access/users/{userid}/tfa": (call) => {
    const userid = call.params.need("userid");
    if (call.cluster.state.access.users[userid] === undefined) throw failure(`no such user ('${userid}')`);
    return { realm: null, types: null };
  },
  "PUT /access/users/{userid}/unlock-tfa": (call) => {
    if (call.cluster.state.access.users[call.params.need("userid")] === undefined) throw failure("no such user");
    return 0;
  },
};
