// Owns the completions for fish.

import type { Command, Option } from "../../src/commands/command.ts";
import { commands, program } from "../../src/commands/commands.ts";
import { first, firstArgument, generated, optionsOf, valuesOf } from "./words.ts";

/** The completions of fish. */
export function fish(): string {
  return `# Completions of ${program} for fish. ${generated}

function __proxmox_mcp_command
    set -l words (commandline -opc)
    set -e words[1]
    if set -q words[1]; and not string match -q -- '-*' $words[1]
        test $words[1] = $argv[1]
    else
        test $argv[1] = ${first.name}
    end
end

function __proxmox_mcp_argument
    set -l words (string match -v -- '-*' (commandline -opc))
    test (count $words) -eq 2; and test $words[2] = $argv[1]
end

complete -c ${program} -f
${commands.flatMap((command) => [name(command), ...optionsOf(command).map((one) => option(command, one))]).join("\n")}
${commands.flatMap(argument).join("\n")}
`;
}

function line(condition: string, rest: string): string {
  return `complete -c ${program} -n ${quoted(condition)} ${rest}`;
}

function name(command: Command): string {
  return line("test (count (commandline -opc)) -eq 1", `-a ${command.name} -d ${quoted(command.summary)}`);
}

function option(command: Command, one: Option): string {
  const { name, short, value, summary } = one;
  const values = valuesOf(one);
  const spelling = [
    ...(short === undefined ? [] : [`-s ${short}`]),
    `-l ${name}`,
    ...(value === undefined ? [] : ["-x"]),
    ...(values.length > 0 ? [`-a ${quoted(values.join(" "))}`] : []),
  ];
  return line(`__proxmox_mcp_command ${command.name}`, `${spelling.join(" ")} -d ${quoted(summary)}`);
}

function argument(command: Command): string[] {
  const kind = firstArgument(command);
  if (kind === undefined) return [];
  const words =
    kind === "tools"
      ? `(${program} tools 2>/dev/null | string replace -r ' .*' '')`
      : commands.map((one) => one.name).join(" ");
  return [line(`__proxmox_mcp_argument ${command.name}`, `-a ${quoted(words)}`)];
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
