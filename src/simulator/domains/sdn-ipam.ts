// Who hands out addresses and who writes names: IPAM and DNS plugins, and the addresses of a vnet.
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { assertFresh, changeSection, sectionDigest, sectionFile } from "../engine/section-file.ts";
import type { SectionFile } from "../engine/state.ts";
import { at, attempt, audits, typedOptions } from "./sdn-sections.ts";
import { subnetWith } from "./sdn-vnets.ts";

/** PVE's own IPAM, which no file has. */
const builtIn = "pve";

function handlers(kind: "ipam" | "dns") {
  const fileOf = ({ cluster }: Call) => sectionFile(cluster.state, `sdn/${kind}.cfg`);
  const noun = kind === "ipam" ? "ipam" : "dns";
  const path = kind === "ipam" ? "ipams" : "dns";
  const create = kind === "ipam" ? "POST /cluster/sdn/ipams" : "POST /cluster/sdn/dns";
  const found = (call: Call) => {
    const id = call.params.need(kind);
    const own = kind === "ipam" && id === builtIn ? { type: builtIn, options: {} } : undefined;
    const section = fileOf(call)[id] ?? own;
    if (section === undefined) throw failure(`sdn '${id}' does not exist`);
    return { id, section };
  };
  const all = (call: Call): SectionFile => ({
    ...fileOf(call),
    ...(kind === "ipam" ? { [builtIn]: { type: builtIn, options: {} } } : {}),
  });
  const list: Handler = (call) =>
    Object.entries(all(call))
      .filter(([id]) => call.caller.can(`/sdn/${path}/${id}`, audits, true))
      .map(([id, { type, options }]) => ({
        ...typedOptions(create, options),
        [kind]: id,
        type,
        digest: sectionDigest(fileOf(call)),
      }));
  const one: Handler = (call) => {
    const { id, section } = found(call);
    const digest = sectionDigest(fileOf(call));
    return { ...typedOptions(create, section.options), [kind]: id, type: section.type, digest };
  };
  const options = ({ params }: Call) => params.rest(kind, "type", "delete", "digest", "lock-token");
  const add: Handler = (call) =>
    attempt(call, `create sdn ${noun} object`, () => {
      const id = call.params.need(kind);
      if (all(call)[id] !== undefined) throw failure(`sdn ${noun} object ID '${id}' already defined`);
      fileOf(call)[id] = { type: call.params.need("type"), options: options(call) };
      return null;
    });
  const update: Handler = (call) =>
    attempt(call, `update sdn ${noun} object`, () => {
      assertFresh(fileOf(call), call.params.text("digest"));
      changeSection(found(call).section, options(call), call.params.list("delete"));
      return null;
    });
  // PVE speaks of a zone where an IPAM can't be deleted
  const remove: Handler = (call) =>
    attempt(call, `delete sdn ${kind === "ipam" ? "zone" : "dns"} object`, () => {
      delete fileOf(call)[found(call).id];
      return null;
    });
  return { list, one, add, update, remove };
}

const ipam = handlers("ipam");
const dns = handlers("dns");

/** An address needs a subnet of its vnet. */
const takeAddress: Handler = ({ cluster, params }) => {
  const ip = params.need("ip");
  if (subnetWith(cluster.state, params.need("vnet"), ip) === undefined) throw noSubnet(ip);
  return null;
};

const noSubnet = (ip: string) => failure(`can't find any subnet for ip ${ip}${at("Network/SDN/Subnets.pm", 115)}`);

export const sdnIpam: Handlers = {
  "GET /cluster/sdn/ipams": ipam.list,
  "POST /cluster/sdn/ipams": ipam.add,
  "GET /cluster/sdn/ipams/{ipam}": ipam.one,
  "PUT /cluster/sdn/ipams/{ipam}": ipam.update,
  "DELETE /cluster/sdn/ipams/{ipam}": ipam.remove,
  "GET /cluster/sdn/ipams/{ipam}/status": () => [],
  "GET /cluster/sdn/dns": dns.list,
  "POST /cluster/sdn/dns": dns.add,
  "GET /cluster/sdn/dns/{dns}": dns.one,
  "PUT /cluster/sdn/dns/{dns}": dns.update,
  "DELETE /cluster/sdn/dns/{dns}": dns.remove,
  "POST /cluster/sdn/vnets/{vnet}/ips": takeAddress,
  // PVE looks for the address that the interface had, and none is ever known
  "PUT /cluster/sdn/vnets/{vnet}/ips": () => {
    throw noSubnet("");
  },
  "DELETE /cluster/sdn/vnets/{vnet}/ips": () => null,
};
