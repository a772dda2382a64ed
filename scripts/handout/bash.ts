// Owns the completions for bash 3.2 and later, which need nothing but bash.

import type { Command } from "../../src/commands/command.ts";
import { commands, program } from "../../src/commands/commands.ts";
import { first, firstArgument, generated, optionsOf, spellings, valuesOf } from "./words.ts";

const names = commands.map(({ name }) => name).join(" ");

/** The completions of bash. */
export function bash(): string {
  return `# Completions of ${program} for bash. ${generated}

_proxmox_mcp() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} words='' given=0 index word
  if ((COMP_CWORD == 1)); then
    words='${names}'
    command=${first.name}
  else
    case $command in -*) command=${first.name} ;; esac
    for ((index = 2; index < COMP_CWORD; index++)); do
      case \${COMP_WORDS[index]} in -*) ;; *) ((given++)) ;; esac
    done
  fi
  case $command in
${commands.map(branch).join("\n")}
  esac
  COMPREPLY=()
  while IFS='' read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen -W "$words" -- "$current")
}
complete -F _proxmox_mcp ${program}
`;
}

function branch(command: Command): string {
  const lines: string[] = [];
  const kind = firstArgument(command);
  if (kind !== undefined) lines.push(`((given == 0)) && words='${names}'`);
  if (kind === "tools")
    lines[0] = `((given == 0)) && words=$("\${COMP_WORDS[0]/#\\~/$HOME}" tools 2>/dev/null | cut -d ' ' -f 1)`;
  lines.push(`case $current in -*) words='${optionsOf(command).flatMap(spellings).join(" ")}' ;; esac`);
  const previous = optionsOf(command).filter(({ value }) => value !== undefined);
  if (previous.length > 0) {
    const cases = previous.map((one) => `${spellings(one).join(" | ")}) words='${valuesOf(one).join(" ")}' ;;`);
    lines.push(`case \${COMP_WORDS[COMP_CWORD - 1]} in ${cases.join(" ")} esac`);
  }
  return [`    ${command.name})`, ...lines.map((line) => `      ${line}`), "      ;;"].join("\n");
}
