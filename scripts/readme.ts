// Owns the generated parts of README: the tables of tools and settings, between their marks.
import { settingsTable } from "../src/config/settings-table.ts";
import { tierOf } from "../src/toolkit/kind.ts";
import type { Operation } from "../src/toolkit/operation.ts";
import type { Tool } from "../src/toolkit/tool.ts";
import { categories } from "../src/tools/catalogue.ts";
import { pageWith } from "./documents/marks.ts";

/** README as it ought to be: its own text with the tables as they follow from the code. */
export const readmeText = (): string => pageWith("README.md", { tools: toolsTable(), settings: settingsTable() });

/** A row a tool: what it is for, and its actions with the mark of those that need PROXMOX_ALLOW_ELEVATED. */
export function toolsTable(): string {
  const rows = Object.entries(categories).flatMap(([category, tools]) => [
    `| **${category}** | | |`,
    ...tools.map((tool) => `| \`${tool.name}\` | ${tool.description.replaceAll("|", "\\|")} | ${actionsOf(tool)} |`),
  ]);
  return ["| Tool | What it is for | Actions |", "| --- | --- | --- |", ...rows].join("\n");
}

function actionsOf({ operations }: Tool): string {
  const marked = (action: string, { kind }: Operation) =>
    `${action}${tierOf(kind) === "elevated" ? `${action === "" ? "" : " "}🔒` : ""}`;
  return [...operations].map(([action, operation]) => marked(action, operation)).join(", ");
}
