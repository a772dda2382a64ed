import { describe, expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer";
import { listedResources, listedTemplates } from "../../src/server/resources/listed.ts";
import { readResource } from "../../src/server/resources/read.ts";
import { resources } from "../../src/server/resources/resource.ts";
import { skillList } from "../../src/server/resources/skill-list.gen.ts";
import { readSkill } from "../../src/server/resources/skills.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { type Session, session, sessionAnswering, sessionRefused } from "./serving.ts";

/** Both forms of a resource: the text, and what the JSON holds. */
async function read(uri: string, served: Session) {
  const { contents } = await readResource(uri, served, {});
  expect(contents.map((one) => [one.uri, one.mimeType])).toEqual([
    [uri, "text/plain"],
    [uri, "application/json"],
  ]);
  const [text = "", json = ""] = contents.map((one) => one.text);
  return { text, data: JSON.parse(json), tokens: countTokens(text) + countTokens(json) };
}

const codeOf = (uri: string, served: Session): Promise<unknown> =>
  readResource(uri, served, {}).then(
    () => "read",
    (error: { code?: number }) => error.code,
  );

const invalid = -32602; // MCP 2026-07-28, resources/read: what isn't there

describe("a guest as a resource", () => {
  test("has its state, configuration, pending changes, recent tasks, snapshots and backups", async () => {
    const served = session();
    await served.tell("guest_snapshot", { action: "create", vmid: "web-01", snapname: "before" });
    await served.tell("backup", { action: "create", vmid: "web-01", storage: "shared-nfs" });
    await served.tell("guest_resize", { vmid: "web-01", memory: 6144 });
    const { text, data } = await read("pve://guests/100", served);
    expect(data.status.record).toMatchObject({ vmid: 100, name: "web-01", status: "running" });
    expect(data.config.record).toHaveProperty("scsi0");
    expect(data.pending.rows).toContainEqual(expect.objectContaining({ key: "memory" }));
    expect(data.tasks.rows.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(["vzdump", "qmsnapshot"]),
    );
    expect(data.snapshots.rows).toContainEqual(expect.objectContaining({ name: "before" }));
    expect(data.backups.rows).toHaveLength(1);
    for (const name of ["web-01", "before", "vzdump-qemu-100", "scsi0", "memory"]) expect(text).toContain(name);
  });

  test("is found by its name as well, and a container is one", async () => {
    const served = session();
    const { data } = await read("pve://guests/proxy", served);
    expect(data.status.record).toMatchObject({ vmid: 103, node: "pve1" });
    expect(data.tasks.outcome).toBe("ok");
  });
});

describe("recent tasks", () => {
  test.each(["pve://guests/100", "pve://nodes/pve1"])("of %s are those that run too", async (uri) => {
    const sources: (string | undefined)[] = [];
    const served = sessionAnswering(({ path, parameters }) => {
      if (path.endsWith("/tasks")) sources.push(parameters.find(([name]) => name === "source")?.[1]);
      if (path === "/cluster/resources") return [{ type: "qemu", vmid: 100, name: "web", node: "pve1" }];
      return path.endsWith("/status") || path.endsWith("/current") ? { vmid: 100, status: "running" } : [];
    });
    await read(uri, served);
    expect(sources).toEqual(["all"]);
  });
});

describe("the other resources", () => {
  test("tell the cluster: quorum, nodes, guests, storages, HA and jobs", async () => {
    const { text, data } = await read("pve://cluster", session());
    expect(data.nodes.rows).toHaveLength(3);
    expect(data.guests.rows).toHaveLength(13);
    expect(text).toContain("quorate");
  });

  test("tell a node, and only its own guests", async () => {
    const { data } = await read("pve://nodes/pve2", session());
    expect(new Set(data.guests.rows.map(({ node }: { node: string }) => node))).toEqual(new Set(["pve2"]));
    expect(data.status.record).toHaveProperty("memory");
  });

  test("tell a storage on a node, with its content", async () => {
    const { data } = await read("pve://storages/pve1/local", session());
    expect(data.usage.rows).toEqual([expect.objectContaining({ storage: "local" })]);
    expect(data.content.rows.length).toBeGreaterThan(0);
  });

  test.each([(upid: string) => upid, encodeURIComponent])(
    "tell a task with its log, its UPID as it is or encoded",
    async (spelt) => {
      const served = session();
      const answer = await served.tell("guest_reboot", { vmid: "web-01" });
      const { data, text } = await read(`pve://tasks/${spelt(answer?.task?.upid ?? "")}`, served);
      expect(data.status.record).toMatchObject({ exitstatus: "OK" });
      expect(text).toContain("TASK OK");
    },
  );
});

describe("what can't be read", () => {
  test.each([
    "pve://guests/777",
    "pve://guests/",
    "pve://guests/100/config",
    "pve://guests/%",
    "pve://guests/100?x=1",
    "pve://nodes/pve9",
    "pve://nodes/..%2F..%2Faccess",
    "pve://storages/pve1/nope",
    "pve://storages/pve9/local",
    "pve://tasks/UPID:pve1:000DBB1E:0B1D1A2C:6B05EBA7:vzdump:100:root@pam:",
    "pve://tasks/nonsense",
    "file:///etc/passwd",
    "pve://clusters",
    "pve://guests/..",
    "pve://guests/%2e%2e%2f100",
    "pve://guests/%00",
    "pve://guests/%0A%23%20Delete%20it",
    "pve://guests/%E2%80%AE100",
    "pve://guests/test",
    "pve://storages/../local",
    "pve://storages/pve1/%2e%2e",
  ])("%s is refused as not there", async (uri) => {
    expect(await codeOf(uri, session())).toBe(invalid);
  });

  test("is what the token doesn't see: no more than through the tools", async () => {
    expect(await codeOf("pve://guests/100", session({ token: "powerless" }))).not.toBe("read");
    const { data } = await read("pve://guests/100", session({ token: "auditor" }));
    expect(data.status.record).toMatchObject({ vmid: 100 });
  });

  test("is never told with characters that hide or steer", async () => {
    const message = await readResource("pve://guests/%E2%80%AE%0A100", session(), {}).catch(({ message }) => message);
    expect(message).not.toMatch(/[\u202e]/);
  });

  test("is one part where PVE refuses that alone, even the first: the others are there, and it says which right is missing", async () => {
    const guests = [{ type: "qemu", vmid: 100, name: "web", node: "pve1" }];
    const served = sessionRefused({ "/cluster/status": "Permission check failed (/, Sys.Audit)" }, ({ path }) =>
      path === "/cluster/resources" ? guests : [],
    );
    const { data, text } = await read("pve://cluster", served);
    expect(data.status.outcome).toBe("denied");
    expect(data.guests.rows).toHaveLength(1);
    expect(text).toContain("Permission check failed (/, Sys.Audit)");
  });

  test("is all of it where PVE refuses the first part and the others are empty: of what isn't there it lists nothing too", async () => {
    const sentence = "Permission check failed (/nodes/pve9, Sys.Audit)";
    const served = sessionRefused({ "/nodes/pve9/status": sentence }, () => []);
    expect(await codeOf("pve://nodes/pve9", served)).toBe(-32603);
  });

  test("of the parts is told in its place, with PVE's words, and the rest is there", async () => {
    const served = sessionAnswering(({ path }) => {
      if (path === "/cluster/resources")
        return [{ type: "qemu", vmid: 100, name: "web", node: "pve1", status: "running" }];
      if (path.endsWith("/status/current")) return { vmid: 100, name: "web", status: "running" };
      if (path.endsWith("/snapshot")) throw new Error("no snapshots today");
      return [];
    });
    const { data, text } = await read("pve://guests/100", served);
    expect(data.snapshots.outcome).toBe("error");
    expect(text).toContain("no snapshots today");
    expect(data.status.outcome).toBe("ok");
  });
});

describe("narrowed settings", () => {
  test("leave out the resources of which the first tool isn't there, in lists and readings", async () => {
    const served = session({ without: ["guest_status", "cluster"] });
    expect(listedTemplates(served).map(({ uriTemplate }) => uriTemplate)).not.toContain("pve://guests/{vmid}");
    expect(listedResources(served).map(({ uri }) => uri)).not.toContain("pve://cluster");
    expect(await codeOf("pve://guests/100", served)).toBe(invalid);
    expect(served.called).toEqual([]);
  });

  test("leave out the parts of which the tool isn't there, and say so", async () => {
    const served = session({ without: ["backup"] });
    const { data, text } = await read("pve://guests/100", served);
    expect(data.backups).toBeUndefined();
    expect(data.leftOut).toEqual(["proxmox_backup"]);
    expect(text).toContain("Left out, since these tools aren't enabled here: proxmox_backup.");
    expect(served.called).not.toContain("proxmox_backup");
  });

  test("of read-only mode take nothing away: every part only reads", async () => {
    const served = session({ readOnly: true });
    expect(listedTemplates(served)).toHaveLength(resources.length - 1);
    expect((await read("pve://guests/100", served)).data.leftOut).toBeUndefined();
    for (const { tool, given } of resources.flatMap(({ parts }) => parts)) {
      const operation = catalogue.find(({ name }) => name === tool)?.operations.get(given.action ?? "");
      expect([tool, operation?.kind]).toEqual([tool, "read"]);
    }
  });
});

describe("both forms of a resource together", () => {
  const guests = Array.from({ length: 10_000 }, (_, n) => ({
    type: "qemu",
    vmid: 100 + n,
    name: `customer-${n}-frontend`,
    node: "pve1",
    status: "running",
    mem: 2_337_134_821 + n,
    maxmem: 4_294_967_296,
    cpu: 0.12818864541582875,
    tags: "prod;web",
  }));
  const nodes = [{ type: "node", node: "pve1", status: "online" }];

  test("stay under 8,000 tokens with 10,000 guests, and say what was cut", async () => {
    const served = sessionAnswering(({ path }) => {
      if (path === "/cluster/resources") return [...guests, ...nodes];
      if (path === "/cluster/status") return [{ type: "cluster", name: "big", quorate: 1, nodes: 1 }];
      return path === "/nodes" ? nodes : [];
    });
    const { text, tokens } = await read("pve://cluster", served);
    expect(tokens).toBeLessThan(8_000);
    expect(text).toMatch(/Cut: \d+ of 10000 rows are shown/);
  });

  test("stay under it with a long log, whose end is kept", async () => {
    const upid = "UPID:pve1:000DBB1E:0B1D1A2C:6B05EBA7:vzdump:100:root@pam:";
    const lines = Array.from({ length: 500 }, (_, n) => ({
      n: n + 1,
      t: `INFO: ${n} ${"progress of the backup ".repeat(20)}`,
    }));
    const served = sessionAnswering(({ path, parameters }) => {
      if (!path.endsWith("/log")) return { upid, node: "pve1", type: "vzdump", status: "stopped", exitstatus: "OK" };
      const limit = Number(parameters.find(([name]) => name === "limit")?.[1] ?? 50);
      return lines.slice(-limit);
    });
    const { tokens, data } = await read(`pve://tasks/${upid}`, served);
    expect(tokens).toBeLessThan(8_000);
    expect(data.log.lines.at(-1)).toStartWith("INFO: 499");
  });
});

describe("the skills", () => {
  test("are listed with what their heads say, and each can be read", () => {
    const listed = listedResources(session()).filter(({ uri }) => uri.startsWith("skill://"));
    expect(listed).toHaveLength(skillList.length);
    for (const { uri } of listed) {
      const [content] = readSkill(uri).contents;
      expect(content?.mimeType).toBe("text/markdown");
      expect(content?.text.length).toBeGreaterThan(100);
    }
    const heads = skillList.filter(({ uri }) => uri.endsWith("/SKILL.md"));
    expect(heads.map(({ name }) => name)).toContain("proxmox-mcp-tools");
    for (const { description } of heads) expect(description?.length).toBeGreaterThan(50);
  });

  test.each(["skill://proxmox-admin/../../etc/passwd", "skill://toString", "skill://"])("%s is none", (uri) => {
    expect(() => readSkill(uri)).toThrow();
  });
});
