// Calls every operation of the table through the compiled binary, and says which of them do what they should.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { catalogue } from "../../src/tools/catalogue.ts";
import { caseOf } from "./case.ts";
import { cases } from "./cases.ts";
import { fillFolder } from "./files.ts";
import { type Means, type Proof, prove } from "./line.ts";
import { recordedText } from "./recorded.ts";
import { isProven, lineText, sumText } from "./report.ts";
import { table } from "./table.ts";

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith("--"));
const parts = words.filter((word) => !word.startsWith("--"));
const unknown = flags.filter((flag) => !/^--(?:show|at-once=\d+)$/.test(flag));
const lines = table().filter(({ label }) => parts.length === 0 || parts.some((part) => label.includes(part)));
if (unknown.length > 0 || lines.length === 0) {
  process.stderr.write(
    "parity: parts of an operation's name narrow the run; the options are --show and --at-once=N.\n",
  );
  process.exit(2);
}
const program = resolve("dist/bin/proxmox-mcp");
if (!existsSync(program)) {
  process.stderr.write("parity: there is no dist/bin/proxmox-mcp; scripts/parity without --built makes it.\n");
  process.exit(2);
}
const atOnce = Number(flags.find((flag) => flag.startsWith("--at-once="))?.slice(10) ?? 4);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), "parity-"));
fillFolder(folder);
const means: Means = {
  program,
  folder,
  ...(flags.includes("--show") && {
    tell: (line, call, text, passed) => {
      say(`\n${line.label}, ${call.name}: ${JSON.stringify(call.given)}`);
      for (const { method, path, status } of passed) say(`  ${status} ${method} ${path}`);
      say(text.replace(/^/gm, "  | "));
    },
  }),
};

const begun = performance.now();
const proofs: Proof[] = [];
const queue = [...lines];
async function work(): Promise<void> {
  for (let line = queue.shift(); line; line = queue.shift()) {
    const { tool: name } = line;
    const proof = await prove(
      line,
      caseOf(cases, line),
      catalogue.find((tool) => tool.name === name),
      means,
    );
    proofs.push(proof);
    say(lineText(proof));
  }
}
await Promise.all(Array.from({ length: atOnce }, work));
rmSync(folder, { recursive: true });
const proven = proofs.filter(isProven).map(({ line }) => line);
say(
  `\n${[sumText(proofs), recordedText(proven)].filter(Boolean).join(", ")}\nin ${((performance.now() - begun) / 1000).toFixed(0)} s`,
);
process.exit(proofs.every(isProven) ? 0 : 1);
