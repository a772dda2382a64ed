import { describe, expect, test } from "bun:test";
import { createClient, type PveRequest } from "../../src/pve/client.ts";
import { PveError } from "../../src/pve/errors.ts";
import type { WireValue } from "../../src/schema/check.ts";
import { type EndpointKey, endpoint, endpointKeys, type PermissionCheck } from "../../src/schema/registry.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";

const secret = "00000000-0000-4000-8000-000000000001";
/** PVE takes these from a person with a password alone (facts 36). */
const withoutTokens: readonly EndpointKey[] = [
  "PUT /access/password",
  "POST /access/tfa/{userid}",
  "PUT /access/tfa/{userid}/{id}",
  "DELETE /access/tfa/{userid}/{id}",
];
const checked = endpointKeys().filter((key) => {
  const { permissions, user } = endpoint(key);
  return permissions !== undefined && user === undefined && !withoutTokens.includes(key);
});

/** Values for what paths and checks name; one that the cluster has where it has to have one. */
const samples: Readonly<Record<string, WireValue>> = {
  node: "pve1",
  storage: "local",
  userid: "operator@pve",
  realm: "pve",
  poolid: "production",
  groupid: "operators",
  path: "/vms/100",
  volume: "local:iso/x.iso",
  target: "pve2",
};

/** Every text in a check that names something: its privileges, and the variables of its paths. */
const texts = (check: PermissionCheck): string[] =>
  check.flatMap((part) => (Array.isArray(part) ? texts(part) : typeof part === "string" ? [part] : []));
const privilegesOf = (check: PermissionCheck): string[] => [
  ...new Set(texts(check).filter((text) => /^(?:[A-Z][A-Za-z]*\.)+[A-Za-z]+$/.test(text))),
];

function requestOf(key: EndpointKey, check: PermissionCheck): PveRequest {
  const { path, parameters } = endpoint(key);
  const vmid = path.includes("/lxc") ? 200 : 100;
  const named = [path, ...texts(check)].flatMap((text) =>
    [...text.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name),
  );
  const needed = texts(check).flatMap((text, index, all) => (all[index - 1] === "require_param" ? [text] : []));
  const users = texts(check).some((text) => text.startsWith("userid-")) ? ["userid"] : [];
  const names = [...named, ...needed, ...users].filter((name) => parameters.has(name) || path.includes(`{${name}}`));
  return {
    endpoint: key,
    values: Object.fromEntries(names.map((name) => [name, samples[name] ?? (name === "vmid" ? vmid : "x1")])),
  };
}

/** A cluster with a user and its token, who may do everything but what is stripped. */
function clusterWithout(stripped: readonly string[]) {
  const simulator = createSimulator({ seed: 1 });
  const { access } = simulator.state;
  const all = access.roles.Administrator?.privileges ?? [];
  access.roles.AllBut = { privileges: all.filter((name) => !stripped.includes(name)), special: false };
  access.users["bot@pve"] = {
    enable: true,
    expire: 0,
    options: {},
    tokens: { ai: { secret, privsep: true, expire: 0 } },
  };
  for (const [type, ugid] of [
    ["user", "bot@pve"],
    ["token", "bot@pve!ai"],
  ] as const) {
    access.acl.push({ path: "/", type, ugid, roleid: "AllBut", propagate: true });
  }
  const authorization = `PVEAPIToken=bot@pve!ai=${secret}`;
  const client = createClient({ fetch: simulator.fetch, base: "https://pve:8006", authorization });
  return { access, client };
}

type Access = ReturnType<typeof clusterWithout>["access"];

/** Carries out the lines of an explanation as a root shell would; how many there were. */
function apply(next: string, access: Access): number {
  const commands = [...next.matchAll(/`(pveum [^`]+)`/g)].flatMap(([, line = ""]) => line.split("; "));
  for (const command of commands) {
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
    const option = (name: string) => words[words.indexOf(name) + 1] ?? "";
    const [, what, , subject = ""] = words;
    if (what === "role") access.roles[subject] = { privileges: option("--privs").split(","), special: false };
    else {
      for (const [name, type] of [
        ["--users", "user"],
        ["--tokens", "token"],
      ] as const) {
        if (!words.includes(name)) continue;
        for (const ugid of option(name).split(",")) {
          access.acl.push({ path: subject, type, ugid, roleid: option("--roles"), propagate: true });
        }
      }
    }
  }
  return commands.length;
}

const outcome = (
  client: ReturnType<typeof clusterWithout>["client"],
  request: PveRequest,
): Promise<PveError | undefined> =>
  client.request(request).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof PveError) return error;
      throw error;
    },
  );

/** Asks, follows the explanations, and asks again; the explanations that were followed. */
async function followed(request: PveRequest, stripped: readonly string[]): Promise<string[] | "never refused"> {
  const { access, client } = clusterWithout(stripped);
  const said: string[] = [];
  for (let round = 0; round < 4; round++) {
    const error = await outcome(client, request);
    if (error?.kind !== "forbidden") return said.length > 0 ? said : "never refused";
    said.push(error.next);
    if (apply(error.next, access) === 0) break;
  }
  throw new Error(`${request.endpoint} without ${stripped.join(", ")} is still refused: ${said.at(-1)}`);
}

describe("with one privilege stripped, the printed line lets the call through", () => {
  test.each(checked)("%s", async (key) => {
    const { permissions = [] } = endpoint(key);
    const request = requestOf(key, permissions);
    const privileges = privilegesOf(permissions);
    let refused = 0;
    for (const stripped of [...privileges.map((name) => [name]), privileges]) {
      if (stripped.length > 0 && (await followed(request, stripped)) !== "never refused") refused++;
    }
    expect(privileges.length === 0 || refused > 0).toBe(true);
  });
});

test.each(withoutTokens)("%s says that no token may do it, and where it can be done", async (key) => {
  const { client } = clusterWithout([]);
  const error = await outcome(client, requestOf(key, endpoint(key).permissions ?? []));
  expect([error?.kind, error?.next]).toEqual(["forbidden", expect.stringContaining("log")]);
});

const rootOnly = endpointKeys().filter((key) => {
  const { permissions, user } = endpoint(key);
  return permissions === undefined && user === undefined;
});

test.each(rootOnly)("%s says that it is root@pam's alone, and the way around", async (key) => {
  const { client } = clusterWithout([]);
  const error = await outcome(client, requestOf(key, []));
  expect(error?.kind).toBe("forbidden");
  expect(error?.next).toMatch(/root@pam alone|log(?:ged)? in/);
});

test("how many endpoints these are is no accident", () => {
  expect(checked.length).toBeGreaterThan(470);
  expect(rootOnly.length).toBeGreaterThan(10);
});
