// The way of a request, for all endpoints alike: method, credentials, body, route, permission, node, parameters, handler.
import { Buffer } from "node:buffer";
import { type Endpoint, route } from "../../schema/registry.ts";
import { isIn } from "../../schema/release.ts";
import { type Caller, callerOf } from "../engine/caller.ts";
import { type Cluster, unknownNode } from "../engine/cluster.ts";
import { ApiError, denied, invalid } from "../engine/error.ts";
import type { Extras, Handlers } from "../engine/handler.ts";
import { Params } from "../engine/params.ts";
import { type Format, plain, refusal, success } from "./answer.ts";
import { readBody } from "./body.ts";
import { readCredentials } from "./credentials.ts";
import type { Upload } from "./multipart.ts";
import { checkParameters } from "./parameters.ts";
import { checkPermission } from "./permission.ts";
import { assertQuorum, failWithoutQuorum } from "./quorum.ts";
import { unreachable, watchNodes } from "./reach.ts";
import { ticketOnly } from "./ticket-only.ts";
import type { Given } from "./value.ts";

export interface Door {
  cluster: Cluster;
  handlers: Handlers;
  /** The node whose proxy answers. */
  local: string;
}

/** PVE waits before it says 401 (facts 5), ms. */
const unauthorisedDelay = 3000;

/** The node that an address or a name in the URL means; any other host is the door's own. */
function asked(door: Door, host: string): Door {
  const node = Object.values(door.cluster.state.nodes).find(({ ip, name }) => ip === host || name === host);
  return node === undefined ? door : { ...door, local: node.name };
}

export async function answer(usual: Door, request: Request): Promise<Response> {
  const door = asked(usual, new URL(request.url).hostname);
  const { cluster } = door;
  const { method } = request;
  const url = new URL(request.url);
  cluster.workers.settle();
  watchNodes(cluster);
  if (!["GET", "POST", "PUT", "DELETE"].includes(method)) return plain(501, `method '${method}' not available`, null);
  const [, face, rest = ""] = /^\/+api2\/([a-z0-9]+)(\/.*)?$/.exec(url.pathname) ?? [];
  if (face === undefined) return plain(404, `no such file '${url.pathname}'`, null);
  if (face !== "json" && face !== "extjs") return plain(501, `no formatter for uri ${rest}, ${face}`);
  const credentials = isOpen(request, rest)
    ? { caller: callerOf(cluster.state, "") }
    : readCredentials(cluster, request);
  if ("refused" in credentials) {
    await cluster.wait(unauthorisedDelay);
    return plain(401, credentials.refused, null);
  }
  const body = await readBody(request, url);
  if ("status" in body) return plain(body.status, body.text);
  return handle(door, {
    method,
    path: rest,
    caller: credentials.caller,
    given: body.given,
    format: face,
    upload: body.upload,
  });
}

/** What PVE lets anyone ask without logging in, as the list of realms. */
function isOpen(request: Request, path: string): boolean {
  return !request.headers.has("authorization") && route(request.method, path)?.endpoint.user === "world";
}

interface Asked {
  method: string;
  path: string;
  caller: Caller;
  given: Map<string, Given>;
  format: Format;
  upload: Upload | undefined;
}

async function handle(door: Door, asked: Asked): Promise<Response> {
  const { format } = asked;
  try {
    const found = route(asked.method, asked.path);
    const shown = plainPath(asked.path);
    const { release } = door.cluster.state;
    if (
      found === undefined ||
      !isIn(found.endpoint, release) ||
      Object.values(found.variables).some((value) => /\s/.test(value) || value === "")
    ) {
      throw new ApiError(501, `Method '${asked.method} ${shown}' not implemented`);
    }
    const given = mergePath(asked.given, found.variables);
    if (asked.caller.tokenid !== undefined && ticketOnly(found.endpoint.key)) {
      throw denied(`URI '${shown}' not available with API token, need proper ticket.\n`);
    }
    checkPermission(found.endpoint, { caller: asked.caller, state: door.cluster.state, given });
    const node = await nodeOf(door, found.endpoint, given);
    if (typeof node !== "string") return node;
    const params = new Params(checkParameters(found.endpoint, given, release));
    const { key } = found.endpoint;
    const handler = door.handlers[key];
    if (handler === undefined) throw new ApiError(501, `${key} is not modelled by the embedded cluster`);
    const written = { key, cluster: door.cluster, params, node };
    await assertQuorum(written);
    const extras: Extras = {};
    const { caller, upload } = asked;
    const call = { cluster: door.cluster, caller, params, node, extras, ...(upload === undefined ? {} : { upload }) };
    const data = await handler(call);
    failWithoutQuorum(written, data);
    // a file comes as it is, without the envelope
    if (data instanceof Response) return data;
    return success(data, extras, format);
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    // PVE: an upload is refused before it is read, and then without a body
    if (asked.upload !== undefined && problem.status === 403) return plain(403, problem.message, null);
    return refusal(problem, format);
  }
}

function plainPath(path: string): string {
  const joined = path.replaceAll(/\/+/g, "/").replace(/(?<=.)\/$/, "");
  try {
    return decodeURIComponent(joined);
  } catch {
    return joined;
  }
}

/** The path's variables win; a parameter that says otherwise is a 400. PVE reads a path byte by byte (facts 11). */
function mergePath(given: Map<string, Given>, variables: Record<string, string>): Map<string, Given> {
  const merged = new Map<string, Given>();
  for (const [name, value] of Object.entries(variables))
    merged.set(name, Buffer.from(value, "utf8").toString("latin1"));
  for (const [name, value] of given) {
    const inPath = merged.get(name);
    if (inPath !== undefined && inPath !== String(value)) {
      throw invalid({ [name]: "duplicate parameter (already defined in URI) with conflicting values!" });
    }
    merged.set(name, value);
  }
  return merged;
}

/** The node that answers: `localhost` is the door's own; one that isn't there or can't be reached is an error (facts 8). */
async function nodeOf(door: Door, endpoint: Endpoint, given: Map<string, Given>): Promise<string | Response> {
  const parameter = proxyParameter(endpoint);
  const value = parameter === undefined ? undefined : given.get(parameter);
  if (parameter === undefined) return door.local;
  if (value === undefined) {
    if (endpoint.parameters.get(parameter)?.required === true)
      throw invalid({ [parameter]: "proxyto parameter does not exist" });
    return door.local;
  }
  const name = String(value);
  if (name === "localhost") {
    given.set(parameter, door.local);
    return door.local;
  }
  const node = door.cluster.state.nodes[name];
  if (node === undefined) throw unknownNode(name);
  return (await unreachable(door.cluster, node, door.local)) ?? name;
}

/** Three lists are asked of the node that `check-node` names; all others of the path's, or of none. */
function proxyParameter(endpoint: Endpoint): string | undefined {
  const checksNode = /^\/cluster\/mapping\/(?:dir|pci|usb)$/.test(endpoint.path) && endpoint.method === "GET";
  return checksNode ? "check-node" : endpoint.proxyTo;
}
