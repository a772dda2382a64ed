import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Import, importsOf, loaded, root, type Source, sources, target } from "./sources.ts";

const src = sources("src");

/** The layer of a path under src: its folder, or `main`. */
function layer(path: string): string {
  const [, folder = "", ...rest] = path.split("/");
  return rest.length > 0 ? folder : "main";
}

/** Which layers each layer may import; itself goes without saying. */
const below: Readonly<Record<string, readonly string[]>> = {
  main: ["commands"],
  commands: ["config", "doctor", "server", "tools", "handlers", "toolkit", "pve", "schema", "ssh", "simulator"],
  doctor: ["toolkit", "pve", "schema", "ssh"],
  server: ["tools", "toolkit", "pve", "schema"],
  tools: ["handlers", "toolkit", "pve", "schema", "ssh"],
  handlers: ["toolkit", "pve", "schema"],
  toolkit: ["pve", "schema"],
  pve: ["schema"],
  simulator: ["schema"],
  ssh: ["toolkit", "pve"],
  config: ["schema"],
  schema: [],
};

/** Layers of which others may take types alone. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  doctor: ["config"],
  server: ["config"],
  tools: ["config"],
  toolkit: ["config"],
};

/** Packages and built-ins with a place of their own. The others may be imported anywhere in src. */
const homes: Readonly<Record<string, (path: string) => boolean>> = {
  arktype: (path) => /^src\/schema\/(values|check|check-value|jitless)\.ts$/.test(path),
  ssh2: (path) => layer(path) === "ssh",
  pino: (path) => layer(path) === "server" || layer(path) === "commands",
  "node:https": (path) =>
    path === "src/pve/transport.ts" || path.startsWith("src/simulator/https/") || path === "src/server/http/front.ts",
  "node:http": (path) => path.startsWith("src/server/http/") || path.startsWith("src/simulator/https/"),
  "node:tls": (path) => path === "src/pve/transport.ts" || path.startsWith("src/server/http/"),
  "@modelcontextprotocol/server": (path) => layer(path) === "server" || layer(path) === "commands",
  "@modelcontextprotocol/client": (path) => layer(path) === "commands",
};

/** Packages that the program holds in itself: bundled, and never installed beside it. */
const bundled = ["@modelcontextprotocol/server", "@modelcontextprotocol/client", "arktype", "pino", "ssh2"];

/** What is installed beside the bundle: what can't be bundled. */
const beside: readonly string[] = [];

/** The package of a specifier: `arktype/config` is arktype's, `@scope/name/stdio` is @scope/name's. */
function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

function offences(wrong: (source: Source, one: Import) => boolean): string[] {
  return src.flatMap((source) =>
    source.imports.filter((one) => wrong(source, one)).map((one) => `${source.path} → ${one.specifier}`),
  );
}

describe("imports", () => {
  test("run one way: main → commands → server → tools → toolkit → pve → schema", () => {
    const wrong = offences((source, one) => {
      if (!one.specifier.startsWith(".")) return false;
      const to = target(source, one);
      if (!to.startsWith("src/")) return to !== "package.json";
      const [here, there] = [layer(source.path), layer(to)];
      if (here === there || below[here]?.includes(there)) return false;
      return !(one.kind === "type" && typesOnly[here]?.includes(there));
    });
    expect(wrong).toEqual([]);
  });

  test("come from every layer that there is a rule for, and from no other", () => {
    expect(src.map(({ path }) => layer(path)).filter((name) => !(name in below))).toEqual([]);
  });

  test("name a file with its ending, a node: built-in, or a package that the program may hold", () => {
    const packages = [...bundled, ...beside];
    const wrong = offences((_, { specifier }) => {
      if (specifier.startsWith(".")) return !/\.(ts|json)$/.test(specifier);
      return !specifier.startsWith("node:") && !packages.includes(packageOf(specifier));
    });
    expect(wrong).toEqual([]);
  });

  test("are of the run-time dependencies, and of the client that the demo bundles", () => {
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
    const all = [...Object.keys(manifest.dependencies), "@modelcontextprotocol/client"];
    expect(all.sort()).toEqual([...bundled, ...beside].sort());
  });

  test("take arktype, ssh2, pino, node:https and the SDK only where each has its place", () => {
    const wrong = offences((source, one) => {
      const home = homes[packageOf(one.specifier)];
      return one.kind !== "type" && home !== undefined && !home(source.path);
    });
    expect(wrong).toEqual([]);
  });

  test("reach arktype only by a dynamic import, from everywhere outside the files that need it", () => {
    const wrong = src
      .filter(({ path }) => !homes.arktype?.(path))
      .flatMap(({ path }) => loaded(src, [path]).get("arktype") ?? []);
    expect(wrong).toEqual([]);
  });

  test("never go in a circle", () => {
    const circles = src.filter(({ path, imports }) =>
      imports.some((one) => one.kind === "static" && loaded(src, [target(read(path), one)]).has(path)),
    );
    expect(circles.map(({ path }) => path)).toEqual([]);
  });
});

function read(path: string): Source {
  const found = src.find((source) => source.path === path);
  if (!found) throw new Error(`${path} is no source of ours`);
  return found;
}

describe("before tools/list is answered", () => {
  const early = loaded(src, ["src/main.ts", "src/commands/serve.ts"]);

  test.each([
    "arktype",
    "arktype/config",
    "pino",
    "ssh2",
    "node:http",
    "node:https",
    "node:tls",
    "src/server/http/serve.ts",
    "src/schema/registry.ts",
    "src/schema/registry.gen.ts",
    "src/pve/transport.ts",
    "src/simulator/simulator.ts",
    "src/server/prompts/offered.ts",
    "src/server/resources/listed.ts",
    "src/server/resources/skill-texts.gen.ts",
    "src/server/completions.ts",
  ])("%s is not loaded", (heavy) => {
    expect(early.get(heavy) ?? []).toEqual([]);
  });
});

test("resources/list loads no skill", () => {
  const early = loaded(src, ["src/server/resources/listed.ts"]);
  expect(early.get("src/server/resources/skill-texts.gen.ts") ?? []).toEqual([]);
});

describe("the reading of imports", () => {
  test("tells static, dynamic and type imports apart", () => {
    const code = [
      'import a, { b } from "./a.ts";',
      'import "./b.ts";',
      'import type { C } from "./c.ts";',
      'import { type D, type E as F } from "./d.ts";',
      'import { type G, h } from "./e.ts";',
      'export { i } from "./f.ts";',
      'export * from "./g.ts";',
      'export type { J } from "./h.ts";',
      'export const k = "./no.ts";',
      'export interface Q {\n  kind: "no" | "never";\n}',
      'export type R = "no";',
      'const l = await import("./i.ts");',
      'type M = typeof import("./j.ts");',
      'type N = import("./k.ts").N;',
      'import {\n  o,\n  p,\n} from "./l.ts";',
    ].join("\n");
    expect(importsOf(code).map(({ specifier, kind }) => `${specifier} ${kind}`)).toEqual([
      "./a.ts static",
      "./b.ts static",
      "./c.ts type",
      "./d.ts type",
      "./e.ts static",
      "./f.ts static",
      "./g.ts static",
      "./h.ts type",
      "./l.ts static",
      "./i.ts dynamic",
      "./j.ts type",
      "./k.ts type",
    ]);
  });
});
