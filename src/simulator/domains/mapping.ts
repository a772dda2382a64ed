// /cluster/mapping: directories, PCI and USB devices of nodes under one name.
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { assertFresh, changeSection, sectionDigest, sectionFile } from "../engine/section-file.ts";
import type { Section } from "../engine/state.ts";

type Kind = "dir" | "pci" | "usb";

const fileOf = ({ cluster }: Call, kind: Kind) => sectionFile(cluster.state, `mapping/${kind}.cfg`);

function shown(call: Call, kind: Kind, { options }: Section): Record<string, unknown> {
  const flags = ["mdev", "live-migration-capable"];
  const values = Object.entries(options).map(([name, value]) => [name, flags.includes(name) ? Number(value) : value]);
  return { ...Object.fromEntries(values), digest: sectionDigest(fileOf(call, kind)), type: kind };
}

const wanted = ["Mapping.Modify", "Mapping.Use", "Mapping.Audit"];

function options(call: Call, kind: Kind): Section["options"] {
  const { params, cluster } = call;
  const map = params.has("map") ? { map: entries(call) } : {};
  if (kind === "dir") {
    const missing = entries(call)
      .map((entry) => /path=([^,]+)/.exec(entry)?.[1] ?? "")
      .find((path) => !cluster.state.paths.includes(path));
    if (missing !== undefined) throw failure(`Path ${missing} does not exist`);
  }
  return { ...params.rest("id", "map", "delete", "digest"), ...map };
}

const entries = ({ params }: Call) => params.array("map");

function handlers(kind: Kind) {
  const list: Handler = (call) =>
    Object.entries(fileOf(call, kind))
      .filter(([id]) => call.caller.can(`/mapping/${kind}/${id}`, wanted, true))
      .map(([id, section]) => ({
        ...shown(call, kind, section),
        id,
        ...(call.params.has("check-node") ? { checks: [] } : {}),
      }));
  const found = (call: Call): Section => {
    const id = call.params.need("id");
    const section = fileOf(call, kind)[id];
    if (section === undefined) throw failure(`mapping '${id}' not found`);
    return section;
  };
  const one: Handler = (call) => shown(call, kind, found(call));
  const create: Handler = (call) => {
    const file = fileOf(call, kind);
    const id = call.params.need("id");
    if (file[id] !== undefined) throw failure(`create mapping failed: mapping '${id}' already exists`);
    file[id] = { type: kind, options: options(call, kind) };
    return null;
  };
  const update: Handler = (call) => {
    assertFresh(fileOf(call, kind), call.params.text("digest"));
    changeSection(found(call), options(call, kind), call.params.list("delete"));
    return null;
  };
  const remove: Handler = (call) => {
    delete fileOf(call, kind)[call.params.need("id")];
    return null;
  };
  return { list, one, create, update, remove };
}

const [dir, pci, usb] = [handlers("dir"), handlers("pci"), handlers("usb")];

export const mapping: Handlers = {
  "GET /cluster/mapping/dir": dir.list,
  "POST /cluster/mapping/dir": dir.create,
  "GET /cluster/mapping/dir/{id}": dir.one,
  "PUT /cluster/mapping/dir/{id}": dir.update,
  "DELETE /cluster/mapping/dir/{id}": dir.remove,
  "GET /cluster/mapping/pci": pci.list,
  "POST /cluster/mapping/pci": pci.create,
  "GET /cluster/mapping/pci/{id}": pci.one,
  "PUT /cluster/mapping/pci/{id}": pci.update,
  "DELETE /cluster/mapping/pci/{id}": pci.remove,
  "GET /cluster/mapping/usb": usb.list,
  "POST /cluster/mapping/usb": usb.create,
  "GET /cluster/mapping/usb/{id}": usb.one,
  "PUT /cluster/mapping/usb/{id}": usb.update,
  "DELETE /cluster/mapping/usb/{id}": usb.remove,
};
