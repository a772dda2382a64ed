// Owns docs/tools.md: every operation with its arguments, kind, endpoint and the privileges that PVE asks for, by category.
import { type Argument, argumentsOf, endpointsOf } from "../../src/toolkit/arguments.ts";
import { tierOf } from "../../src/toolkit/kind.ts";
import type { Operation } from "../../src/toolkit/operation.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { categories } from "../../src/tools/catalogue.ts";
import { privilegesAt } from "./privileges.ts";

/** So many arguments that clients don't see are named one by one. */
const few = 16;

const intro = `# Tools

Generated from the tools themselves by \`scripts/generate\`. By category: the names that PROXMOX_TOOLSETS takes.

- **Arguments**: **bold** ones are required, plain ones are optional and known to clients; further ones are taken under PVE's names
  and not listed. \`vmid\` takes a guest's number or its name; \`node\` and \`type\` of a guest are looked up where they are left out;
  \`wait\` is how many seconds a call waits for its task. The first column's heading is the argument that chooses an operation.
- **Kind**: \`read\` shows what PVE knows and always runs. The others are 🔒 elevated and need PROXMOX_ALLOW_ELEVATED=true:
  \`reveal\` shows what is inside a guest or a backup, \`write\` changes something that can be changed back, \`destroy\` can't be
  undone, \`exec\` runs code or opens a console. PROXMOX_DENY takes kinds away again.
- **Endpoint**: what is asked of PVE. \`{type}\` stands for \`qemu\` or \`lxc\`.
- **Privileges**: what PVE asks of the token (and of its user) there, on which ACL path. Besides, every operation on a guest reads
  \`GET /cluster/resources\`, which shows guests that the token has VM.Audit for.
`;

export function toolsDocument(): string {
  const chapters = Object.entries(categories).flatMap(([name, tools]) =>
    tools.length === 0 ? [] : [`## ${name}`, ...tools.map(toolText)],
  );
  return `${[intro.trimEnd(), ...chapters].join("\n\n")}\n`;
}

function toolText(tool: Tool): string {
  const rows = [...tool.operations].map(([action, operation]) => row(action, operation));
  const heading = [
    `| ${tool.hasActions ? `\`${tool.chooser}\`` : ""} | Arguments | Kind | Endpoint | Privileges |`,
    "| --- | --- | --- | --- | --- |",
  ];
  return [`### ${tool.name}`, "", tool.description, "", ...heading, ...rows].join("\n");
}

function row(action: string, operation: Operation): string {
  const lock = tierOf(operation.kind) === "elevated" ? " 🔒" : "";
  const cells = [
    action || "—",
    argumentsText(operation),
    `${operation.kind}${lock}`,
    endpointText(operation),
    privilegesText(operation),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The arguments at all of the endpoints of an operation, each once. */
export function argumentsText(operation: Operation): string {
  const taken = new Map<string, Argument>();
  for (const at of endpointsOf(operation)) {
    for (const argument of argumentsOf(operation, at))
      if (!taken.has(argument.name)) taken.set(argument.name, argument);
  }
  const all = [...taken.values()];
  const listed = all.filter((one) => one.listed).map(({ name, required }) => (required ? `**${name}**` : name));
  const further = all.filter((one) => !one.listed).map(({ name }) => name);
  if (further.length === 0) return listed.join(", ") || "none";
  const more = further.length <= few ? further.join(", ") : `${further.length} more of PVE's`;
  return listed.length === 0 ? `further: ${more}` : `${listed.join(", ")}; further: ${more}`;
}

const endpointText = ({ endpoint, also = [] }: Operation): string =>
  [endpoint, ...also].map((key) => `\`${key}\``).join(", also ");

/** What the endpoints ask for; where VMs and containers differ, each. */
export function privilegesText(operation: Operation): string {
  const asked = endpointsOf(operation).map((at) => ({ at, text: privilegesAt(at) }));
  const texts = [...new Set(asked.map(({ text }) => text))];
  if (texts.length === 1) return texts[0] ?? "";
  return asked
    .map(
      ({ at, text }) => `${at.path.split("/").find((part) => part === "qemu" || part === "lxc") ?? at.path}: ${text}`,
    )
    .join("; ");
}
