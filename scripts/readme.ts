// Owns the generated parts of README: the tables of tools and settings, between their marks.
import { settingsTable } from "../src/config/settings-table.ts";
import { type Argument, argumentsOf, endpointsOf } from "../src/toolkit/arguments.ts";
import { tierOf } from "../src/toolkit/kind.ts";
import type { Operation } from "../src/toolkit/operation.ts";
import type { Tool } from "../src/toolkit/tool.ts";
import { catalogue } from "../src/tools/catalogue.ts";
import { pageWith } from "./documents/marks.ts";

/** README as it ought to be: its own text with the tables as they follow from the code. */
export const readmeText = (): string => pageWith("README.md", { tools: toolsTable(), settings: settingsTable() });

/** A row an operation: tool, action, arguments, PVE's endpoint. */
export function toolsTable(): string {
  const rows = catalogue.flatMap((tool) => [...tool.operations].map((entry) => row(tool, ...entry)));
  return ["| Tool | Action | Arguments | Endpoint |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function row(tool: Tool, action: string, operation: Operation): string {
  const mark = tierOf(operation.kind) === "elevated" ? " 🔒" : "";
  const named = tool.hasActions ? `${action}${mark}` : mark.trim();
  const taken = endpointsOf(operation).flatMap((at) => argumentsOf(operation, at));
  const listed = taken.filter(
    ({ name, listed }, place) => listed && taken.findIndex((one) => one.name === name) === place,
  );
  return `| \`${tool.name}\` | ${named} | ${listed.map(argumentText).join(", ")} | \`${operation.endpoint}\` |`;
}

const argumentText = ({ name, required }: Argument) => (required ? `**${name}**` : name);
