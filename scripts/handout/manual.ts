// Owns the manual page: proxmox-mcp(1), in the macros of man(7), from the tables of commands and settings.

import { repository, version } from "../../package.json";
import type { Command, Option } from "../../src/commands/command.ts";
import { commands, program } from "../../src/commands/commands.ts";
import { usage } from "../../src/commands/help.ts";
import { allSettings } from "../../src/config/settings.ts";
import { generated, optionsOf, spellings } from "./words.ts";

const home = repository.url.replace(/^git\+|\.git$/g, "");

/** When the page was last looked through. It is no date of a build: two builds of one version are the same. */
const revised = "2026-11-24";

/** The manual page. */
export function manual(): string {
  const parts = [
    `.\\" ${generated}`,
    `.TH PROXMOX\\-MCP 1 "${revised}" "${program} ${version}" "User Commands"`,
    ".SH NAME",
    text(`${program} - MCP server for Proxmox VE`),
    ".SH SYNOPSIS",
    `.B ${text(program)}`,
    text("[COMMAND] [OPTION...] [ARGUMENT...]"),
    ".SH DESCRIPTION",
    text("Lets an AI client run a Proxmox VE cluster through the Model Context Protocol."),
    text("A client starts the program and talks with it over its standard input and output."),
    ".SH COMMANDS",
    ...commands.flatMap(section),
    ".SH ENVIRONMENT",
    ...allSettings.flatMap(setting),
    ".SH EXIT STATUS",
    ...labelled("0", "All went well."),
    ...labelled("1", "The call or the demo failed."),
    ...labelled("2", "The command line was wrong."),
    ".SH SEE ALSO",
    text(home),
  ];
  return `${parts.join("\n")}\n`;
}

function section(command: Command): string[] {
  return [
    `.SS ${text(usage(command))}`,
    text(sentence(command.summary)),
    ...(command.details === undefined ? [] : [text(command.details)]),
    ...command.arguments.flatMap(({ name, summary }) => labelled(name, sentence(summary))),
    ...optionsOf(command).flatMap((option) => labelled(label(option), sentence(option.summary))),
    ...command.examples.flatMap(({ line, meaning }) => [
      ".PP",
      text(`Example, ${meaning}:`),
      ".PP",
      ".nf",
      `.RS\n${text(`${program} ${line}`)}\n.RE`,
      ".fi",
    ]),
  ];
}

function label(option: Option): string {
  const spelled = spellings(option).join(", ");
  return option.value === undefined ? spelled : `${spelled} ${option.value}`;
}

function setting(row: (typeof allSettings)[number]): string[] {
  const notes = [
    `Allowed: ${row.kind.allowed}.`,
    row.required === undefined ? "" : row.required === true ? "Required." : `Required ${row.required}.`,
    row.default === undefined ? "" : `Default: ${row.default}.`,
    row.fallback === undefined ? "" : `Default: ${row.fallback}.`,
  ];
  return labelled(row.name, [sentence(row.meaning), ...notes].filter((note) => note !== "").join(" "));
}

function labelled(name: string, meaning: string): string[] {
  return [".TP", `.B ${text(name)}`, text(meaning)];
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** Plain words as the page's source: what would be a macro or an escape isn't one, `code` is bold. */
function text(words: string): string {
  const escaped = words
    .replaceAll("docs/", `${home}/blob/main/docs/`)
    .replaceAll("…", "...")
    .replaceAll("marked 🔒", "that need elevation")
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/`([^`]+)`/g, "\\fB$1\\fR")
    .replaceAll(
      /[^\0-~]/gu,
      (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
  return escaped.replaceAll(/(?<=[.:]) (?=[A-Z])/g, "\n").replaceAll(/^[.']/gm, "\\&$&");
}
