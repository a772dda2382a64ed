// What a change replaces: both values are told, a change in between is noticed, a deletion that deletes nothing isn't one.
import { describe, expect, test } from "bun:test";
import { PveError } from "../../src/pve/errors.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { destroy, type Options, read, write } from "../../src/toolkit/operation.ts";
import { tool } from "../../src/toolkit/tool.ts";
import { clusterAnswering, type Sent } from "./stand-in.ts";

/** An alias of the firewall as the stand-in keeps it; `stubborn`: a deletion is taken and does nothing. */
function firewall({ stubborn = false } = {}) {
  let alias: Record<string, unknown> | undefined = {
    name: "web",
    cidr: "192.0.2.1",
    comment: "old",
    digest: "a".repeat(40),
  };
  const { cluster, sent } = clusterAnswering(({ method, path, parameters }: Sent) => {
    if (path === "/cluster/firewall/aliases") return [alias];
    if (!path.endsWith("/web")) throw new Error("no such alias");
    if (method === "PUT") alias = { ...alias, ...Object.fromEntries(parameters), digest: "b".repeat(40) };
    if (method === "DELETE" && !stubborn) alias = undefined;
    if (method === "GET" && !alias) throw new Error("no such alias 'web'");
    return method === "GET" ? alias : null;
  });
  return { cluster, sent };
}

const options: Options = { replaces: "GET /cluster/firewall/aliases/{name}" };
const listed: Options = { replaces: { at: "GET /cluster/firewall/aliases", by: "name" } };
const update = (more: Options) => tool("proxmox_x", "X: x", write("PUT /cluster/firewall/aliases/{name}", more));
const remove = (more: Options) => tool("proxmox_x", "X: x", destroy("DELETE /cluster/firewall/aliases/{name}", more));

describe.each([
  ["an entry", options],
  ["a row of a list", listed],
])("a change of %s", (_, more) => {
  test("tells the old and the new value of each key that differs, and carries the digest of what it read", async () => {
    const { cluster, sent } = firewall();
    const answer = await callTool(update(more), { name: "web", cidr: "192.0.2.2" }, cluster);
    expect(answer.changes).toEqual([{ key: "cidr", old: "192.0.2.1", new: "192.0.2.2" }]);
    expect(sent.find(({ method }) => method === "PUT")?.parameters).toContainEqual(["digest", "a".repeat(40)]);
  });

  test("keeps the digest that the call gave", async () => {
    const { cluster, sent } = firewall();
    await callTool(update(more), { name: "web", cidr: "192.0.2.2", digest: "c".repeat(40) }, cluster);
    expect(sent.find(({ method }) => method === "PUT")?.parameters).toContainEqual(["digest", "c".repeat(40)]);
  });

  test("that isn't there is refused before anything is sent", async () => {
    const { cluster, sent } = firewall();
    const answer = await callTool(update(more), { name: "mail", cidr: "192.0.2.2" }, cluster);
    expect(sent.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(answer.reason?.[0]).toBe(more === listed ? 'name "mail" does not exist; there is web' : "no such alias");
  });
});

describe("a change after which PVE can't be asked", () => {
  /** The connection of the second reading breaks. */
  function broken() {
    const { cluster } = firewall();
    let readings = 0;
    const client: typeof cluster.client = {
      ...cluster.client,
      request: async (request, more) => {
        if (request.endpoint.startsWith("GET ") && ++readings > 1)
          throw new PveError({ kind: "unreachable", sentence: "the connection broke", next: "" });
        return cluster.client.request(request, more);
      },
    };
    return { ...cluster, client };
  }

  test("is told as made, and that what is there now isn't known", async () => {
    const answer = await callTool(update(options), { name: "web", cidr: "192.0.2.2" }, broken());
    expect(answer.outcome).toBe("ok");
    expect(answer.notes).toEqual(["It was done; how it looks now could not be read: the connection broke"]);
  });

  test("claims no deletion that was not seen", async () => {
    const answer = await callTool(remove(options), { name: "web" }, broken());
    expect(answer.outcome).toBe("ok");
    expect(answer.notes).toEqual(["PVE took the deletion; that it is gone could not be seen: the connection broke"]);
  });
});

describe("a deletion", () => {
  test("tells what stood there", async () => {
    const answer = await callTool(remove(options), { name: "web" }, firewall().cluster);
    expect(answer.changes).toContainEqual({ key: "cidr", old: "192.0.2.1" });
  });

  test("that PVE takes without deleting is no success", async () => {
    const answer = await callTool(remove(options), { name: "web" }, firewall({ stubborn: true }).cluster);
    expect(answer.outcome).toBe("error");
    expect(answer.summary).toContain("still stands");
  });
});

test("a token that may change and not read changes all the same, and the answer says what isn't known", async () => {
  const { cluster } = clusterAnswering(() => null);
  const client: typeof cluster.client = {
    ...cluster.client,
    request: async (request, more) => {
      if (request.endpoint.startsWith("GET ")) {
        const { PveError } = await import("../../src/pve/errors.ts");
        throw new PveError({ kind: "forbidden", sentence: "Permission check failed (/, Sys.Audit)", next: "" });
      }
      return cluster.client.request(request, more);
    },
  };
  const answer = await callTool(update(options), { name: "web", cidr: "192.0.2.2" }, { ...cluster, client });
  expect(answer.outcome).toBe("ok");
  expect(answer.notes?.[0]).toContain("Permission check failed (/, Sys.Audit)");
});

test("a fork of the path is chosen by its argument, and a wrong one is answered with all there are", async () => {
  const forked = tool(
    "proxmox_x",
    "X: x",
    write("POST /nodes/{node}/services/{service}/{command}", { forks: { command: ["start", "stop"] } }),
  );
  const { cluster, sent } = clusterAnswering(({ path }) =>
    path.includes("/tasks/")
      ? { status: "stopped", exitstatus: "OK" }
      : "UPID:pve1:0000ABCD:0000ABCD:6B05B3B8:srvstop:x:root@pam!t:",
  );
  await callTool(forked, { node: "pve1", service: "cron", command: "stop" }, cluster);
  expect(sent[0]).toEqual({ method: "POST", path: "/nodes/pve1/services/cron/stop", parameters: [] });
  const wrong = await callTool(forked, { node: "pve1", service: "cron", command: "halt" }, cluster);
  expect(wrong.reason).toEqual(['command must be one of start, stop (was "halt")']);
  const missing = await callTool(forked, { node: "pve1", service: "cron" }, cluster);
  expect(missing.reason?.[0]).toContain("command is missing");
});

test("a reading of a list under its own line is untouched", async () => {
  const plain = tool("proxmox_x", "X: x", read("GET /cluster/firewall/aliases"));
  expect((await callTool(plain, {}, firewall().cluster)).rows).toHaveLength(1);
});
