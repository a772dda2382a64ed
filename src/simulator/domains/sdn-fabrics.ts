// Fabrics: the routed networks under SDN, and the nodes that take part in them.
import { createHash } from "node:crypto";
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { changeSection, sectionFile, sectionText } from "../engine/section-file.ts";
import type { Section, SectionFile } from "../engine/state.ts";
import { isAddressIn } from "./sdn-addresses.ts";
import { assertToken, audits, type Row, typedOptions } from "./sdn-sections.ts";

const fabricsOf = ({ cluster }: Call) => sectionFile(cluster.state, "sdn/fabrics.cfg");
/** By `fabric/node`. */
const nodesOf = ({ cluster }: Call) => sectionFile(cluster.state, "sdn/fabric-nodes.cfg");

const digest = (file: SectionFile) => createHash("sha256").update(sectionText(file)).digest("hex");

const shownFabric = (call: Call, id: string, { type, options }: Section): Row => ({
  ...typedOptions("POST /cluster/sdn/fabrics/fabric", options),
  id,
  protocol: type,
  digest: digest(fabricsOf(call)),
});

function shownNode(call: Call, key: string, { type, options }: Section): Row {
  const [fabric_id, node_id] = key.split("/");
  return { ...options, fabric_id, node_id, protocol: type, digest: digest(nodesOf(call)) };
}

function fabricOf(call: Call, id: string, prefix = ""): Section {
  const fabric = fabricsOf(call)[id];
  if (fabric === undefined) throw failure(`${prefix}fabric '${id}' does not exist in configuration`);
  return fabric;
}

const listFabrics: Handler = (call) =>
  Object.entries(fabricsOf(call))
    .filter(([id]) => call.caller.can(`/sdn/fabrics/${id}`, audits, true))
    .map(([id, section]) => shownFabric(call, id, section));

function listNodes(call: Call, fabric?: string): Row[] {
  return Object.entries(nodesOf(call))
    .filter(([key]) => fabric === undefined || key.startsWith(`${fabric}/`))
    .filter(([key]) => call.caller.can(`/nodes/${key.split("/")[1]}`, ["Sys.Audit", "Sys.Modify"], true))
    .map(([key, section]) => shownNode(call, key, section));
}

const given = ({ params }: Call): Section["options"] => ({
  ...params.rest("id", "node_id", "fabric_id", "protocol", "interfaces", "delete", "digest", "lock-token"),
  ...(params.has("interfaces") ? { interfaces: params.array("interfaces") } : {}),
});

const addFabric: Handler = (call) => {
  assertToken(call);
  const id = call.params.need("id");
  if (fabricsOf(call)[id] !== undefined) throw failure(`adding fabric failed: fabric '${id}' already exists in config`);
  fabricsOf(call)[id] = { type: call.params.need("protocol"), options: given(call) };
  return "";
};

const removeFabric: Handler = (call) => {
  const id = call.params.need("id");
  fabricOf(call, id, "deleting fabric failed: ");
  delete fabricsOf(call)[id];
  for (const key of Object.keys(nodesOf(call))) if (key.startsWith(`${id}/`)) delete nodesOf(call)[key];
  return "";
};

const keyOf = ({ params }: Call) => `${params.need("fabric_id")}/${params.need("node_id")}`;

const addNode: Handler = (call) => {
  assertToken(call);
  const { params } = call;
  const { options } = fabricOf(call, params.need("fabric_id"), "adding node failed: ");
  const [ip, prefix] = [params.text("ip"), options.ip_prefix];
  if (ip !== undefined && typeof prefix === "string" && !isAddressIn(ip, prefix))
    throw failure(`adding node failed: node IP ${ip} is outside the IP prefix ${prefix} of the fabric`);
  nodesOf(call)[keyOf(call)] = { type: params.need("protocol"), options: given(call) };
  return "";
};

function nodeOf(call: Call, prefix = ""): Section {
  fabricOf(call, call.params.need("fabric_id"), prefix);
  const node = nodesOf(call)[keyOf(call)];
  if (node === undefined)
    throw failure(
      `${prefix}node '${call.params.need("node_id")}' does not exist in fabric '${call.params.need("fabric_id")}'`,
    );
  return node;
}

const change =
  (sectionOf: (call: Call) => Section): Handler =>
  (call) => {
    assertToken(call);
    changeSection(sectionOf(call), given(call), call.params.list("delete"));
    return "";
  };

/** What a node's routing daemon knows; nothing is routed here. */
const routing: Handler = (call) => {
  fabricOf(call, call.params.need("fabric"));
  return [];
};

export const sdnFabrics: Handlers = {
  "GET /cluster/sdn/fabrics/all": (call) => ({ fabrics: listFabrics(call), nodes: listNodes(call) }),
  "GET /cluster/sdn/fabrics/fabric": listFabrics,
  "POST /cluster/sdn/fabrics/fabric": addFabric,
  "GET /cluster/sdn/fabrics/fabric/{id}": (call) =>
    shownFabric(call, call.params.need("id"), fabricOf(call, call.params.need("id"))),
  "PUT /cluster/sdn/fabrics/fabric/{id}": change((call) =>
    fabricOf(call, call.params.need("id"), "updating fabric failed: "),
  ),
  "DELETE /cluster/sdn/fabrics/fabric/{id}": removeFabric,
  "GET /cluster/sdn/fabrics/node": (call) => listNodes(call),
  "GET /cluster/sdn/fabrics/node/{fabric_id}": (call) => {
    fabricOf(call, call.params.need("fabric_id"));
    return listNodes(call, call.params.need("fabric_id"));
  },
  "POST /cluster/sdn/fabrics/node/{fabric_id}": addNode,
  "GET /cluster/sdn/fabrics/node/{fabric_id}/{node_id}": (call) => shownNode(call, keyOf(call), nodeOf(call)),
  "PUT /cluster/sdn/fabrics/node/{fabric_id}/{node_id}": change((call) => nodeOf(call, "updating node failed: ")),
  "DELETE /cluster/sdn/fabrics/node/{fabric_id}/{node_id}": (call) => {
    nodeOf(call, "deleting node failed: ");
    delete nodesOf(call)[keyOf(call)];
    return "";
  },
  "GET /nodes/{node}/sdn/fabrics/{fabric}": () => [
    { subdir: "neighbors" },
    { subdir: "routes" },
    { subdir: "interfaces" },
  ],
  "GET /nodes/{node}/sdn/fabrics/{fabric}/neighbors": routing,
  "GET /nodes/{node}/sdn/fabrics/{fabric}/routes": routing,
  "GET /nodes/{node}/sdn/fabrics/{fabric}/interfaces": routing,
};
