// Owns the help texts: the overview, and a page for each command, from the table of commands and the table of settings.
import { allSettings } from "../config/settings.ts";
import type { Argument, Command, Context, Option } from "./command.ts";
import { commands, everywhere, program } from "./commands.ts";

/** What `proxmox-mcp --help` prints. */
export function overview(): string {
  return page(
    `${program}: MCP server for Proxmox VE`,
    `Usage: ${program} [COMMAND] [OPTION…] [ARGUMENT…]`,
    list(
      "Commands",
      commands.map(({ name, summary }) => [name, summary]),
    ),
    list("Options of every command", everywhere.map(optionRow)),
    `Settings are environment variables; \`${program} serve --help\` lists them.`,
    "Exit codes: 0 ok, 1 the call, the demo or a check failed, 2 wrong usage.",
  );
}

/** What `proxmox-mcp COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  return page(
    `${program} ${command.name}: ${command.summary}`,
    `Usage: ${usage(command)}`,
    command.details,
    list(
      "Arguments",
      command.arguments.map(({ name, summary }) => [name, summary]),
    ),
    list("Options", [...command.options, ...everywhere].map(optionRow)),
    command.settings && list("Environment variables", allSettings.map(settingRow)),
    list(
      "Examples",
      command.examples.map(({ line, meaning }) => [`${program} ${line}`, meaning]),
    ),
  );
}

/** A command's usage in one line. */
export function usage(command: Command): string {
  const options = command.options.map(({ name, value }) => `[--${name}${value === undefined ? "" : ` ${value}`}]`);
  return [program, command.name, ...options, ...command.arguments.map(argumentUsage)].join(" ");
}

function argumentUsage({ name, required, repeated }: Argument): string {
  const many = repeated ? `${name}…` : name;
  return required ? many : `[${many}]`;
}

type Row = readonly [string, string];

function optionRow({ name, short, value, summary }: Option): Row {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return [short === undefined ? long : `-${short}, ${long}`, summary];
}

function settingRow(setting: (typeof allSettings)[number]): Row {
  const { name, meaning, required } = setting;
  const fallback = setting.default ?? setting.fallback;
  const notes = [
    required === true ? "required" : required && `required ${required}`,
    fallback && `default ${fallback}`,
  ].filter((note) => note !== undefined);
  return [name, notes.length === 0 ? meaning : `${meaning} (${notes.join("; ")})`];
}

function list(title: string, rows: readonly Row[]): string | undefined {
  if (rows.length === 0) return undefined;
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join("\n");
}

const page = (...parts: readonly (string | undefined)[]): string =>
  `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;

export async function run({ arguments: [about], stdout }: Pick<Context, "arguments" | "stdout">): Promise<number> {
  const command = commands.find(({ name }) => name === about);
  stdout.write(command === undefined ? overview() : commandHelp(command));
  return 0;
}
