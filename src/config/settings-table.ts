// Owns the settings' part of README: a markdown table, a row a setting.
import { allSettings, type Setting } from "./settings.ts";

/** The markdown table of all settings. */
export function settingsTable(): string {
  const head = [
    "| Variable | Required | Default | Meaning | Allowed | Example |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  return [...head, ...allSettings.map(row)].join("\n");
}

function row(setting: Setting<unknown>): string {
  const required = setting.required === true ? "yes" : (setting.required ?? "no");
  const standard = setting.default === undefined ? (setting.fallback ?? "–") : code(setting.default);
  const cells = [code(setting.name), required, standard, setting.meaning, setting.kind.allowed, code(setting.example)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const code = (text: string): string => `\`${text}\``;
