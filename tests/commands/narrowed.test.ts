// Which tools are there: by category, by role, by name, in lists and for calls alike.
import { describe, expect, test } from "bun:test";
import { PassThrough } from "node:stream";
import { enabledTools, unknownTools } from "../../src/commands/narrowed.ts";
import { toolsFor } from "../../src/commands/served.ts";
import { categoryNames, roles } from "../../src/config/toolsets.ts";
import { categories as ofCatalogue } from "../../src/tools/catalogue.ts";
import { categories, listings } from "../../src/tools/listing.gen.ts";
import { collected } from "./collected.ts";

const none = { toolsets: [], tools: [], excluded: [] } as const;
const size = (set: ReadonlySet<string>) => set.size;

test("every category of the catalogue has a name that the settings take, and every tool one category", () => {
  for (const name of Object.keys(ofCatalogue)) expect<readonly string[]>(categoryNames).toContain(name);
  const names = Object.values(categories).flat();
  expect(new Set(names).size).toBe(names.length);
  expect([...names].sort()).toEqual(listings.full.map(({ name }) => name).sort());
});

describe("the tools that are there", () => {
  test("are all when nothing is set, and all with the role all", () => {
    expect(size(enabledTools(none, categories))).toBe(listings.full.length);
    expect(size(enabledTools({ ...none, toolsets: ["all"] }, categories))).toBe(listings.full.length);
  });

  test("are those of the toolsets, and the named ones beside them", () => {
    const backup = enabledTools({ ...none, toolsets: ["backup"], tools: ["proxmox_guest_list"] }, categories);
    expect([...backup].sort()).toEqual(["proxmox_backup", "proxmox_guest_list"]);
  });

  test("are the named ones alone where no toolset is set", () => {
    expect([...enabledTools({ ...none, tools: ["proxmox_node"] }, categories)]).toEqual(["proxmox_node"]);
  });

  test("lack the excluded ones, whoever names them", () => {
    const excluded = ["proxmox_node"];
    expect(enabledTools({ ...none, excluded }, categories).has("proxmox_node")).toBe(false);
    expect(size(enabledTools({ ...none, tools: excluded, excluded }, categories))).toBe(0);
  });

  test("of a role are those of its categories", () => {
    const monitoring = enabledTools({ ...none, toolsets: ["monitoring"] }, categories);
    const wanted = roles.monitoring.flatMap((name) => categories[name] ?? []);
    expect([...monitoring].sort()).toEqual([...wanted].sort());
  });
});

test("a tool that there isn't is told with the one that was meant", () => {
  expect(unknownTools({ ...none, tools: ["proxmox_guest_lst"] }, categories)).toEqual([
    "PROXMOX_TOOLS: there is no tool proxmox_guest_lst, did you mean proxmox_guest_list?",
  ]);
});

test("a tool that isn't there is neither listed nor called, and the answer says why", async () => {
  const { stdout } = collected();
  const env = { PROXMOX_TOOLS: "node", PROXMOX_EXCLUDE_TOOLS: "" };
  const context = { arguments: [], options: {}, env, stdin: new PassThrough(), stdout, stderr: stdout };
  const tools = await toolsFor(context, true);
  expect(tools.listing.map(({ name }) => name)).toEqual(["proxmox_node"]);
  const answer = await tools.call("proxmox_guest_list", {}, {});
  expect(answer).toMatchObject({ outcome: "denied", summary: "this server runs without proxmox_guest_list" });
  expect((await tools.call("proxmox_node", { action: "list" }, {}))?.outcome).toBe("ok");
  expect(await tools.call("proxmox_nothing", {}, {})).toBeUndefined();
});
