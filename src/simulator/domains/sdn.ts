// Software-defined networks: nothing is defined but the built-in IPAM and the nodes' own network. Reading alone.
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { sectionDigest, sectionFile } from "../engine/section-file.ts";

const none: Handler = () => [];

const missing = (what: string, name: string): Handler => {
  return ({ params }) => {
    throw failure(`sdn '${params.need(name)}' does not exist`.replace("sdn ", what));
  };
};

const ipams = ({ cluster }: Call) => [
  { digest: sectionDigest(sectionFile(cluster.state, "sdn/ipams.cfg")), ipam: "pve", type: "pve" },
];

export const sdn: Handlers = {
  "GET /cluster/sdn/zones": none,
  "GET /cluster/sdn/vnets": none,
  "GET /cluster/sdn/controllers": none,
  "GET /cluster/sdn/dns": none,
  "GET /cluster/sdn/ipams": ipams,
  "GET /cluster/sdn/ipams/{ipam}/status": none,
  "GET /cluster/sdn/fabrics/all": () => ({ fabrics: [], nodes: [] }),
  "GET /cluster/sdn/fabrics/fabric": none,
  "GET /cluster/sdn/fabrics/node": none,
  "GET /cluster/sdn/vnets/{vnet}/subnets": missing("sdn vnet ", "vnet"),
  "GET /nodes/{node}/sdn/zones": none,
};
