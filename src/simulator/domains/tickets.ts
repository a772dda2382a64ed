// /access/ticket and /access/password: logging in, and what a user is shown to be able to do.
import { ApiError, failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { privilegesAt } from "../engine/permissions.ts";
import { makeTicket, readTicket } from "../engine/ticket.ts";

/** PVE lets a wrong password wait, ms. */
const refusalDelay = 3000;

async function login({ cluster, params }: Call): Promise<unknown> {
  const given = params.need("username");
  const userid = given.includes("@") ? given : `${given}@${params.text("realm") ?? "pam"}`;
  const password = params.need("password");
  const user = cluster.state.access.users[userid];
  const known = user?.enable === true && user.password !== undefined && user.password === password;
  if (!known && readTicket(cluster, password) !== userid) await refuse(cluster);
  const { ticket, csrf } = makeTicket(cluster, userid);
  const several = Object.keys(cluster.state.nodes).length > 1;
  return {
    ...(several ? { clustername: cluster.state.name } : {}),
    CSRFPreventionToken: csrf,
    cap: capabilities(cluster, userid),
    ticket,
    username: userid,
  };
}

async function refuse(cluster: Call["cluster"]): Promise<never> {
  await cluster.wait(refusalDelay);
  throw new ApiError(401, "authentication failure");
}

/** Area → where its privileges are looked for, and which of them count. */
const areas: Readonly<Record<string, readonly [path: string, counts: RegExp]>> = {
  access: ["/access", /^(?:User\.Modify|Permissions\.Modify|Group\.Allocate)$/],
  dc: ["/", /^(?:Sys\.(?:Audit|Modify)|SDN\..*)$/],
  mapping: ["/mapping", /^(?:Mapping\..*|Permissions\.Modify)$/],
  nodes: ["/nodes", /^(?:Sys\..*|Permissions\.Modify)$/],
  sdn: ["/sdn", /^(?:SDN\..*|Permissions\.Modify)$/],
  storage: ["/storage", /^(?:Datastore\..*|Permissions\.Modify)$/],
  vms: ["/vms", /^(?:VM\..*|Permissions\.Modify)$/],
};

function capabilities({ state }: Call["cluster"], userid: string): Record<string, Record<string, 1>> {
  const paths = state.access.acl.map((entry) => entry.path);
  const entries = Object.entries(areas).map(([area, [base, counts]]) => {
    const below = base === "/" ? [] : paths.filter((path) => path.startsWith(`${base}/`) || path.startsWith("/pool/"));
    const names = [base, ...below].flatMap((path) => [...privilegesAt(state, userid, path).keys()]);
    return [area, Object.fromEntries(names.filter((name) => counts.test(name)).map((name) => [name, 1 as const]))];
  });
  return Object.fromEntries(entries);
}

async function changePassword({ cluster, caller, params }: Call): Promise<null> {
  const { users } = cluster.state.access;
  const own = users[caller.userid];
  if (caller.name !== "root@pam" && own?.password !== params.text("confirmation-password")) await refuse(cluster);
  const userid = params.need("userid");
  const user = users[userid];
  if (user === undefined) throw failure(`no such user ('${userid}')`);
  user.password = params.need("password");
  return null;
}

export const tickets: Handlers = {
  "GET /access/ticket": () => null,
  "POST /access/ticket": login,
  "PUT /access/password": changePassword,
};
