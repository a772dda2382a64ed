// Owns how a report of the doctor reads.
import type { Finding, Report } from "./finding.ts";

/** The report for people: a line a finding, what to do below it, then the role. */
export function reportText(report: Report): string {
  const width = Math.max(...report.findings.map(({ check }) => check.length));
  const lines = report.findings.map((one) => lineOf(one, width));
  const unchecked =
    report.unchecked.length > 0 ? [`not checked, for what failed above: ${report.unchecked.join(", ")}`] : [];
  return `${[...lines, ...unchecked, ...roleText(report), summary(report)].join("\n")}\n`;
}

function lineOf({ check, state, text, todo }: Finding, width: number): string {
  const indent = " ".repeat(9 + width + 2);
  const words = text.split("\n").join(`\n${indent}`);
  const head = `${state.padEnd(9)}${check.padEnd(width)}  ${words}`;
  return todo ? `${head}\n${indent}→ ${todo}` : head;
}

/** The role for the cluster's own release, where something above asks for it; --json has it for both. */
function roleText({ role, release, findings }: Report): string[] {
  const [major = ""] = release?.split(".") ?? [];
  const lines = role?.[major] ?? [];
  const isNeeded = findings.some(({ todo }) => todo?.includes("role below"));
  if (lines.length === 0 || !isNeeded) return [];
  return [
    "",
    `A role for exactly the enabled tools, for PVE ${major}, as root on a node. An entry replaces what the token had on that path,`,
    "and the token's user needs the same (--users in the place of --tokens), which root@pam has:",
    ...lines.map((line) => `  ${line}`),
  ];
}

function summary({ findings }: Report): string {
  const count = (state: Finding["state"]) => findings.filter((one) => one.state === state).length;
  const warnings = count("warning");
  return `\n${count("ok")} ok, ${warnings} ${warnings === 1 ? "warning" : "warnings"}, ${count("failed")} failed`;
}
