// The agents share the work without an overlap: every operation that isn't reading has one owner, and heads give no more than that.
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { endpointsOf, guestTypeAt } from "../../src/toolkit/arguments.ts";
import type { Operation } from "../../src/toolkit/operation.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { listings } from "../../src/tools/listing.gen.ts";
import { type Document, headOf, read, root, skills } from "../skills/documents.ts";

/** The head of a subagent: Claude Code's documentation of subagents, as of version 2.1.197. */
const rules = { name: /^[a-z0-9]+(?:-[a-z0-9]+)*$/, fields: ["name", "description", "tools", "skills"] };
/** How a host names a server's tools: registered by hand, and by the plugin. */
const prefixes = ["mcp__", "mcp__plugin_proxmox-mcp_"];
const [acting, reading] = ["proxmox", "proxmox-readonly"];
const hostTools = ["Skill", "Read"];

const agents = readdirSync(join(root, "agents")).map((name) => agentOf(read(`agents/${name}`)));
const acts = agents.filter(({ name }) => name !== "monitor");
const monitor = agents.filter(({ name }) => name === "monitor");
const tools = new Map(catalogue.map((tool) => [tool.name, tool]));

interface Agent {
  readonly path: string;
  readonly name: string;
  readonly head: Readonly<Record<string, string>>;
  readonly body: string;
  /** `tool action`, with the kind of guest where the agent has it for one of them alone. */
  readonly does: readonly string[];
  readonly reads: readonly string[];
  /** To whom it hands on. */
  readonly others: readonly string[];
}

function agentOf(document: Document): Agent {
  const { head, body } = headOf(document);
  const chapter = (title: string) => new RegExp(`^## ${title}\\n(.*?)(?=^## |$(?![^]))`, "ms").exec(body)?.[1] ?? "";
  const items = (title: string) =>
    [...chapter(title).matchAll(/^- `(\w+)`(?:: ([\w, ]+?))?(?: \((\w+)\))?$/gm)].flatMap(
      ([, tool = "", actions = "", kind = ""]) =>
        actions.split(", ").flatMap((action) => (kind === "" ? [`${tool} ${action}`] : [`${tool} ${action} ${kind}`])),
    );
  const rows = [...chapter("Hands on").matchAll(/^\|[^|]+\| ([\w-]+) \|$/gm)].map(([, to = ""]) => to);
  return {
    path: document.path,
    name: basename(document.path, ".md"),
    head,
    body,
    does: items("Does"),
    reads: items("Reads"),
    others: rows.slice(2),
  };
}

/** What has one owner: an operation, or each half of one that acts on VMs and containers. */
function halves(tool: string, action: string, operation: Operation): string[] {
  const paths = [operation.endpoint, ...(operation.also ?? [])];
  const types = new Set(endpointsOf(operation).map(guestTypeAt));
  const makesBoth = ["qemu", "lxc"].every((type) => paths.some((path) => path.endsWith(`/nodes/{node}/${type}`)));
  const isOfBoth = types.size === 2 || operation.guest === true || makesBoth;
  return isOfBoth ? ["VMs", "containers"].map((kind) => `${tool} ${action} ${kind}`) : [`${tool} ${action}`];
}

const operations = catalogue.flatMap(({ name, operations }) =>
  [...operations].map(([action, operation]) => ({ name, action, operation })),
);
const writing = operations.filter(({ operation }) => operation.kind !== "read");
const isReading = (tool: string) =>
  [...(tools.get(tool)?.operations.values() ?? [])].every(({ kind }) => kind === "read");
const toolsIn = (items: readonly string[]) => new Set(items.map((item) => item.split(" ")[0] ?? ""));

/** `server tool` of a head under one way of naming; others are left out. */
function named({ head }: Agent, prefix: string): string[] {
  return (head.tools ?? "").split(", ").flatMap((tool) => {
    const found = /^([a-z-]+)__(proxmox_\w+)$/.exec(tool.startsWith(prefix) ? tool.slice(prefix.length) : "");
    return found ? [`${found[1]} ${found[2]}`] : [];
  });
}

test("there are the seven agents of the seed's page", () => {
  const names = ["access-admin", "cluster-admin", "lxc-manager", "monitor", "network-admin", "storage-admin"];
  expect(agents.map(({ name }) => name).sort()).toEqual([...names, "vm-manager"]);
});

describe.each(agents)("$name", (agent) => {
  test("has a head as hosts read it, with two examples for delegation", () => {
    expect(agent.head.name).toBe(agent.name);
    expect(agent.name).toMatch(rules.name);
    expect(Object.keys(agent.head).filter((field) => !rules.fields.includes(field))).toEqual([]);
    const example =
      /<example>\n\s*Context: .+\n\s*user: ".+"\n\s*assistant: ".+"\n\s*<commentary>.+<\/commentary>\n\s*<\/example>/g;
    expect(agent.head.description?.match(example)).toHaveLength(2);
    expect(agent.head.skills?.split(", ")).toEqual([...skills]);
  });

  test("names the same tools under both ways of naming, and nothing besides but how to read skills", () => {
    const [byHand = [], byPlugin = []] = prefixes.map((prefix) => named(agent, prefix));
    expect(byPlugin).toEqual(byHand);
    const all = (agent.head.tools ?? "").split(", ");
    expect(all.filter((tool) => !tool.startsWith("mcp__"))).toEqual(hostTools);
    expect(all).toHaveLength(byHand.length + byPlugin.length + hostTools.length);
  });

  test("has in its head exactly the tools that it says it does or reads", () => {
    const listed = named(agent, "mcp__").map((one) => one.split(" ")[1] ?? "");
    expect(listed.sort()).toEqual([...toolsIn([...agent.does, ...agent.reads])].sort());
  });

  test("reads what is reading, by actions that there are", () => {
    const readable = new Set(
      operations.flatMap(({ name, action, operation }) => (operation.kind === "read" ? [`${name} ${action}`] : [])),
    );
    expect(agent.reads.filter((item) => !readable.has(item))).toEqual([]);
  });

  test("names no tool in its text that isn't its own", () => {
    const own = toolsIn([...agent.does, ...agent.reads]);
    expect([...agent.body.matchAll(/proxmox_\w+/g)].map(([name]) => name).filter((name) => !own.has(name))).toEqual([]);
  });

  test("hands on to agents that there are, and not to itself", () => {
    const names = agents.map(({ name }) => name).filter((name) => name !== agent.name);
    expect(agent.others.filter((to) => !names.includes(to))).toEqual([]);
    expect(agent.others.length === 0).toBe(agent.name === "access-admin");
  });
});

describe("what isn't reading", () => {
  /** An agent that names no kind of guest has both halves. */
  const owners = (half: string) => {
    const [tool, action] = half.split(" ");
    return acts.filter(({ does }) => does.includes(half) || does.includes(`${tool} ${action}`)).map(({ name }) => name);
  };

  test.each(writing)("$name $action has one owner", ({ name, action, operation }) => {
    const all = halves(name, action, operation).map((half) => ({ half, owners: owners(half) }));
    expect(all.filter((one) => one.owners.length !== 1)).toEqual([]);
  });

  test.each(acts)("is there, where $name says that it does it", ({ does }) => {
    const all = new Set(
      writing.flatMap(({ name, action, operation }) => [`${name} ${action}`, ...halves(name, action, operation)]),
    );
    expect(does.filter((item) => !all.has(item))).toEqual([]);
  });

  test.each(acts)("comes to $name only by tools of which something is its own", (agent) => {
    const own = toolsIn(agent.does);
    const wrong = named(agent, "mcp__").filter((one) => {
      const [server, tool = ""] = one.split(" ");
      return server !== (own.has(tool) || isReading(tool) ? acting : reading);
    });
    expect(wrong).toEqual([]);
  });

  test.each(monitor)("is out of reach for $name: it knows the read-only server alone", (agent) => {
    expect(agent.does).toEqual([]);
    expect(named(agent, "mcp__").filter((one) => !one.startsWith(`${reading} `))).toEqual([]);
  });

  test.each(monitor)("isn't listed by the server that $name knows", (agent) => {
    const listed = listings.readOnly.map(({ name }) => `${reading} ${name}`);
    expect(named(agent, "mcp__").sort()).toEqual(listed.sort());
  });

  test.each(monitor)("aside, $name reads all that can be read", (agent) => {
    const readable = operations.flatMap(({ name, action, operation }) =>
      operation.kind === "read" ? [`${name} ${action}`] : [],
    );
    expect([...agent.reads].sort()).toEqual(readable.sort());
  });
});
