// Owns the list of what `scripts/test` runs, in order.

import { readdirSync } from "node:fs";

/** One step: a command that passes by ending with 0. */
export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Variables on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs only with --all. */
  readonly slow?: true;
  /** A run of `bun test`, whose tests are counted one by one. */
  readonly counted?: true;
}

const bin = "node_modules/.bin";

function tests(name: string, paths: readonly string[], env: Record<string, string> = {}): Step {
  const command = [`${bin}/bun`, "test", "--timeout=30000", "--only-failures", ...paths];
  return { name, command, env, counted: true };
}

const slow = (step: Step): Step => ({ ...step, slow: true });

/** The end-to-end suite on another form of the program; tests/e2e/program.ts has the names. */
function endToEnd(name: string, program: string, paths: readonly string[] = ["./tests/e2e"]): Step {
  return tests(`end to end, ${name}`, paths, { E2E_PROGRAM: program });
}

/** An emulated processor is many times slower: the program starts there and lists; the rest is the same code. */
const emulated = ["./tests/e2e/listing.test.ts"];

// `./` makes bun take a path and not a part of one.
const unit = readdirSync("tests", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["e2e", "inspector", "release", "sshd"].includes(entry.name))
  .map((entry) => `./tests/${entry.name}`);

export const steps: readonly Step[] = [
  { name: "types", command: [`${bin}/tsc`, "-p", "."] },
  { name: "lint", command: [`${bin}/biome`, "check", "--error-on-warnings"] },
  tests("unit tests", unit),
  { name: "soak, short", command: ["scripts/soak", "--short"] },
  slow({ name: "soak", command: ["scripts/soak"] }),
  { name: "build", command: [`${bin}/bun`, "scripts/binaries/build.ts"] },
  endToEnd("binary", "binary"),
  endToEnd("Deno", "deno"),
  slow({ name: "every operation through the binary", command: ["scripts/parity", "--built"] }),
  slow({ name: "MCP conformance suite", command: [`${bin}/bun`, "scripts/conformance/run.ts"] }),
  slow({ name: "tools for the rest", command: [`${bin}/bun`, "scripts/testing/tools.ts"] }),
  slow({ name: "build for every system", command: [`${bin}/bun`, "scripts/binaries/build.ts", "--all"] }),
  slow(tests("what is handed out", ["./tests/release"])),
  slow(tests("commands over OpenSSH", ["./tests/sshd"])),
  slow(tests("the MCP Inspector's command line", ["./tests/inspector"])),
  slow(endToEnd("npm bundle under Node", "npm-node")),
  slow(endToEnd("npm bundle under Bun", "npm-bun")),
  slow(endToEnd("npm bundle under Deno", "npm-deno")),
  slow(endToEnd("arm64 binary", "arm64", emulated)),
];
