// Owns the completions for zsh, in the words of its _arguments and _describe.

import type { Command, Option } from "../../src/commands/command.ts";
import { commands, program } from "../../src/commands/commands.ts";
import { first, firstArgument, generated, optionsOf, spellings, valuesOf } from "./words.ts";

/** The completions of zsh. */
export function zsh(): string {
  return `#compdef ${program}
# Completions of ${program} for zsh. ${generated}

_proxmox_mcp_commands() {
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${escaped(name)}:${summary}`)}`).join("\n")}
  )
  _describe command commands
}

_proxmox_mcp_tools() {
  local -a tools=(\${\${(f)"$(_call_program tools ${program} tools 2>/dev/null)"}%% *})
  compadd -a tools
}

_proxmox_mcp() {
  local command=${first.name}
  if ((CURRENT > 2)) && [[ $words[2] != -* ]]; then
    command=$words[2]
    shift words
    ((CURRENT--))
  elif [[ $words[2] != -* ]]; then
    _proxmox_mcp_commands
    return
  fi
  case $command in
${commands.map(branch).join("\n")}
  esac
}

_proxmox_mcp "$@"
`;
}

function branch(command: Command): string {
  const kind = firstArgument(command);
  const words = command.arguments.map(({ name, repeated }, index) => {
    const where = repeated ? "*" : String(index + 1);
    return quoted(`${where}:${escaped(name)}:${index === 0 && kind ? `_proxmox_mcp_${kind}` : " "}`);
  });
  const lines = ["_arguments", ...optionsOf(command).map(option), ...words].join(" \\\n        ");
  return `    ${command.name})\n      ${lines}\n      ;;`;
}

function option(one: Option): string {
  const [only = "", long] = spellings(one);
  const text = `[${one.summary.replaceAll(/[[\]\\]/g, "\\$&")}]`;
  const values = valuesOf(one);
  const value =
    one.value === undefined ? "" : `:${escaped(one.value)}:${values.length > 0 ? `(${values.join(" ")})` : " "}`;
  if (long === undefined) return quoted(`${one.repeated ? "*" : ""}${only}${text}${value}`);
  return `${quoted(`(${only} ${long})`)}{${only},${long}}${quoted(text + value)}`;
}

const escaped = (text: string): string => text.replaceAll(":", "\\:");
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
