// The plugin's manifests keep the rules of the hosts that read them, and what starts the server says what to do where it is missing.
import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json";
import { settings } from "../../src/config/settings.ts";
import { headOf, read, root, skills } from "../skills/documents.ts";

/** Claude Code's plugins reference and plugin marketplaces, as of version 2.1.197. */
const claude = {
  plugin: {
    needs: ["name"],
    may: "name version description author homepage repository license keywords commands agents skills hooks mcpServers outputStyles lspServers",
  },
  marketplace: { needs: ["name", "owner", "plugins"], may: "name owner plugins metadata" },
  entry: {
    needs: ["name", "source"],
    may: "name source description version author homepage repository license keywords category tags strict commands agents hooks mcpServers",
  },
  person: "name email url",
  name: /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
  reserved: /^(claude-(code|plugins)|anthropic-|agent-skills|life-sciences)/,
  server: "command args env cwd",
  variables: ["CLAUDE_PLUGIN_ROOT"],
};

/** Gemini CLI's extension reference, as of version 0.61.0. Its servers get no settings from the environment but those that it asks for. */
const gemini = {
  needs: ["name", "version"],
  may: "name version description mcpServers contextFileName excludeTools settings themes plan migratedTo",
  server: "command args env cwd timeout",
  setting: "name description envVar sensitive",
  variables: ["extensionPath", "workspacePath", "/"],
};

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function object(value: unknown): Json {
  if (!isObject(value)) throw new Error(`${JSON.stringify(value)} is no object`);
  return value;
}

const json = (path: string): Json => object(JSON.parse(read(path).text));
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);
const beyond = (value: Json, may: string) => Object.keys(value).filter((name) => !may.split(" ").includes(name));
const lacking = (value: Json, needs: readonly string[]) => needs.filter((name) => value[name] === undefined);
const variables = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/\$\{([^}]+)\}/g)].map(([, name = ""]) => name);

const plugin = json(".claude-plugin/plugin.json");
const marketplace = json(".claude-plugin/marketplace.json");
const extension = json("gemini-extension.json");
const servers = (of: Json) =>
  Object.entries(object(of.mcpServers)).map(([name, server]) => ({ name, ...object(server) }));

describe("plugin.json", () => {
  test("has what Claude Code asks for, and nothing that it doesn't know", () => {
    expect(lacking(plugin, claude.plugin.needs)).toEqual([]);
    expect(beyond(plugin, claude.plugin.may)).toEqual([]);
    expect(beyond(object(plugin.author), claude.person)).toEqual([]);
    expect(String(plugin.name)).toMatch(claude.name);
  });

  test("registers the server twice, the second time read-only", () => {
    const args = servers(plugin).map(({ name, ...server }) => [
      name,
      JSON.stringify(Object.values(server).flat().slice(2)),
    ]);
    expect(args).toEqual([
      ["proxmox", '["serve"]'],
      ["proxmox-readonly", '["serve","--read-only"]'],
    ]);
    expect(servers(plugin).flatMap(({ name: _name, ...server }) => beyond(server, claude.server))).toEqual([]);
  });

  test("starts what is in the plugin, by the variable that Claude Code fills in", () => {
    expect(variables(plugin).filter((name) => !claude.variables.includes(name))).toEqual([]);
    expect(existsSync(join(root, ".claude-plugin/start"))).toBe(true);
  });

  test("finds agents and skills where Claude Code looks for them", () => {
    expect(readdirSync(join(root, "skills")).sort()).toEqual([...skills].sort());
    const names = readdirSync(join(root, "agents"));
    expect(names.map((name) => `${headOf(read(`agents/${name}`)).head.name}.md`)).toEqual(names);
  });
});

describe("marketplace.json", () => {
  const entries = list(marketplace.plugins);

  test("has what Claude Code asks for, and nothing that it doesn't know", () => {
    expect(lacking(marketplace, claude.marketplace.needs)).toEqual([]);
    expect(beyond(marketplace, claude.marketplace.may)).toEqual([]);
    expect(beyond(object(marketplace.owner), "name email")).toEqual([]);
    expect(
      entries.flatMap((entry) => [...lacking(entry, claude.entry.needs), ...beyond(entry, claude.entry.may)]),
    ).toEqual([]);
  });

  test("has a name that isn't Anthropic's", () => {
    expect(String(marketplace.name)).toMatch(claude.name);
    expect(String(marketplace.name)).not.toMatch(claude.reserved);
  });

  test("offers the plugin of this repository, in the same words", () => {
    expect(entries).toMatchObject([{ name: plugin.name, source: "./", description: plugin.description }]);
  });
});

describe("gemini-extension.json", () => {
  test("has what Gemini CLI asks for, and nothing that it doesn't know", () => {
    expect(lacking(extension, gemini.needs)).toEqual([]);
    expect(beyond(extension, gemini.may)).toEqual([]);
    expect(servers(extension).flatMap(({ name: _name, ...server }) => beyond(server, gemini.server))).toEqual([]);
    expect(list(extension.settings).flatMap((setting) => beyond(setting, gemini.setting))).toEqual([]);
  });

  test("asks for settings that the server has, and hides the one that is secret", () => {
    const known = Object.values(settings);
    const asked = list(extension.settings).map((one) => ({
      name: String(one.envVar),
      sensitive: one.sensitive === true,
    }));
    const ours = asked.map(({ name }) => {
      const setting = known.find((one) => one.name === name);
      return { name: setting?.name ?? "", sensitive: setting?.secret ?? false };
    });
    expect(ours).toEqual(asked);
  });

  test("asks for every setting without which the server can't reach a cluster", () => {
    const required = Object.values(settings).filter((setting) => setting.required === true);
    const asked = list(extension.settings).map(({ envVar }) => envVar);
    expect(asked).toEqual(expect.arrayContaining([...required.map(({ name }) => name), "PROXMOX_TOKEN_VALUE"]));
  });

  test("starts what is in the extension, by variables that Gemini CLI fills in", () => {
    expect(variables(extension).filter((name) => !gemini.variables.includes(name))).toEqual([]);
  });

  test("has a context file that is there and short enough to be always read", () => {
    expect(read(String(extension.contextFileName)).text.length).toBeLessThan(4000);
  });
});

test.each([
  ["plugin.json", plugin],
  ["gemini-extension.json", extension],
])("%s has the version of the program", (_, { version }) => {
  expect(version).toBe(manifest.version);
});

test("every link of AGENTS.md leads to something that is there", () => {
  const links = [...read("AGENTS.md").text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = ""]) => link);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});

describe("what starts the server", () => {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  // As it is, but for the places of this machine: the program may be installed there.
  const start = join(folder, "start");
  writeFileSync(start, read(".claude-plugin/start").text.replaceAll(/ \/(usr|opt|home)\/\S*\/proxmox-mcp/g, ""));

  function installed(place: string): string {
    const program = join(place, "proxmox-mcp");
    mkdirSync(place, { recursive: true });
    writeFileSync(program, '#!/bin/sh\nprintf "%s|" "$0" "$@"\n');
    chmodSync(program, 0o755);
    return program;
  }

  /** Runs it with the arguments that plugin.json has behind it, where nothing is on the PATH but `places`. */
  async function started(args: readonly string[], input: string, home = folder, ...places: readonly string[]) {
    const env = { HOME: home, PATH: [...places, "/usr/bin", "/bin"].join(":") };
    const child = Bun.spawn(["sh", start, ...args], {
      env,
      stdin: new Blob([input]),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { out, err, code };
  }

  test("becomes the program that is on the PATH, with its arguments", async () => {
    const program = installed(join(folder, "bin"));
    const { out, code } = await started(["serve", "--read-only"], "", folder, join(folder, "bin"));
    expect({ out, code }).toEqual({ out: `${program}|serve|--read-only|`, code: 0 });
  });

  test("finds it where install.sh puts it, though the PATH of a desktop doesn't", async () => {
    const program = installed(join(folder, "home/.local/bin"));
    const { out } = await started(["serve"], "", join(folder, "home"));
    expect(out).toBe(`${program}|serve|`);
  });

  test.each(["0", "17", '"a-1"'])("answers the request %s of a client with how to install it", async (id) => {
    const request = `{"method":"initialize","params":{"clientInfo":{"name":"x"}},"jsonrpc":"2.0","id":${id}}\n`;
    const { out, err, code } = await started(["serve"], request);
    const answer = object(JSON.parse(out));
    expect(answer).toMatchObject({ jsonrpc: "2.0", id: JSON.parse(id), error: { code: -32000 } });
    expect(String(object(answer.error).message)).toContain("proxmox-mcp is not installed");
    expect(err).toContain(`${manifest.homepage.replace(/#.*/, "")}#install`);
    expect(code).toBe(127);
  });

  test("says so on stderr alone to whoever asks nothing", async () => {
    expect(await started(["serve"], "")).toMatchObject({ out: "", code: 127 });
  });
});
