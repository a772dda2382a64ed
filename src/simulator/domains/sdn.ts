// Software-defined networks: zones, vnets, subnets and controllers are staged until they are applied (facts 29).
import { failure } from "../engine/error.ts";
import type { Handlers } from "../engine/handler.ts";
import { written } from "../engine/sdn.ts";
import { sdnApply } from "./sdn-apply.ts";
import { sdnFabrics } from "./sdn-fabrics.ts";
import { sdnIpam } from "./sdn-ipam.ts";
import { sdnNodes } from "./sdn-nodes.ts";
import { at, audits, type Sort, sectionHandlers } from "./sdn-sections.ts";
import { subnets, vnets } from "./sdn-vnets.ts";

const missing = (id: string) => `sdn '${id}' does not exist`;

const zoneSort: Sort = {
  kind: "zones",
  noun: "zone",
  create: "POST /cluster/sdn/zones",
  idOf: ({ params }) => params.need("zone"),
  typeOf: ({ params }) => params.need("type"),
  missing,
  isListed: ({ caller }, id) => caller.can(`/sdn/zones/${id}`, audits, true),
  assert: ({ cluster }, _, { options }) => {
    const { controller } = options;
    if (controller !== undefined && written(cluster.state, "controllers")[String(controller)] === undefined)
      throw failure(`controller ${controller} don't exist${at("Network/SDN/Zones/EvpnPlugin.pm", 334)}`);
  },
  assertUnused: (state, id) => {
    const user = Object.entries(written(state, "vnets")).find(([, { options }]) => options.zone === id)?.[0];
    if (user !== undefined)
      throw failure(`zone ${id} is used by vnet ${user}${at("Network/SDN/Zones/Plugin.pm", 149)}`);
  },
};

const controllerSort: Sort = {
  kind: "controllers",
  noun: "controller",
  create: "POST /cluster/sdn/controllers",
  idOf: ({ params }) => params.need("controller"),
  typeOf: ({ params }) => params.need("type"),
  missing,
  isListed: ({ caller }, id) => caller.can(`/sdn/controllers/${id}`, audits, true),
  assertUnused: (state, id) => {
    const user = Object.entries(written(state, "zones")).find(([, { options }]) => options.controller === id)?.[0];
    if (user !== undefined)
      throw failure(`controller ${id} is used by ${user}${at("Network/SDN/Controllers/EvpnPlugin.pm", 240)}`);
  },
};

const zone = sectionHandlers(zoneSort);
const vnet = sectionHandlers(vnets);
const subnet = sectionHandlers(subnets);
const controller = sectionHandlers(controllerSort);

export const sdn: Handlers = {
  "GET /cluster/sdn/zones": zone.list,
  "POST /cluster/sdn/zones": zone.create,
  "GET /cluster/sdn/zones/{zone}": zone.one,
  "PUT /cluster/sdn/zones/{zone}": zone.update,
  "DELETE /cluster/sdn/zones/{zone}": zone.remove,
  "GET /cluster/sdn/vnets": vnet.list,
  "POST /cluster/sdn/vnets": vnet.create,
  "GET /cluster/sdn/vnets/{vnet}": vnet.one,
  "PUT /cluster/sdn/vnets/{vnet}": vnet.update,
  "DELETE /cluster/sdn/vnets/{vnet}": vnet.remove,
  "GET /cluster/sdn/vnets/{vnet}/subnets": (call) => {
    subnets.check?.(call, "", undefined, true);
    return subnet.list(call);
  },
  "POST /cluster/sdn/vnets/{vnet}/subnets": subnet.create,
  "GET /cluster/sdn/vnets/{vnet}/subnets/{subnet}": subnet.one,
  "PUT /cluster/sdn/vnets/{vnet}/subnets/{subnet}": subnet.update,
  "DELETE /cluster/sdn/vnets/{vnet}/subnets/{subnet}": subnet.remove,
  "GET /cluster/sdn/controllers": controller.list,
  "POST /cluster/sdn/controllers": controller.create,
  "GET /cluster/sdn/controllers/{controller}": controller.one,
  "PUT /cluster/sdn/controllers/{controller}": controller.update,
  "DELETE /cluster/sdn/controllers/{controller}": controller.remove,
  ...sdnApply,
  ...sdnNodes,
  ...sdnIpam,
  ...sdnFabrics,
};
