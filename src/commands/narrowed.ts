// Owns which tools are there: what the settings name, in lists and for calls alike.
import type { Narrowing, PolicySettings } from "../config/policy.ts";
import { categoriesOf } from "../config/toolsets.ts";
import { nearest } from "../schema/nearest.ts";
import type { Policy } from "../toolkit/gate.ts";

/** Category → the names of its tools. */
export type Categories = Readonly<Record<string, readonly string[]>>;

/** The names of the tools that are there: those of the toolsets and those named, all of them where neither is set. */
export function enabledTools({ toolsets, tools, excluded }: Narrowing, categories: Categories): ReadonlySet<string> {
  const entries = Object.entries(categories);
  if (toolsets.length === 0 && tools.length === 0) {
    return new Set(entries.flatMap(([, names]) => names).filter((name) => !excluded.includes(name)));
  }
  const wanted: ReadonlySet<string> = categoriesOf(toolsets);
  const chosen = entries.flatMap(([category, names]) =>
    names.filter((name) => wanted.has(category) || tools.includes(name)),
  );
  return new Set(chosen.filter((name) => !excluded.includes(name)));
}

/** A line for each name in PROXMOX_TOOLS and PROXMOX_EXCLUDE_TOOLS that no tool has. */
export function unknownTools({ tools, excluded }: Narrowing, categories: Categories): string[] {
  const known = Object.values(categories).flat();
  const wrong = (setting: string, names: readonly string[]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => {
        const near = nearest(name, known);
        return `${setting}: there is no tool ${name}${near === undefined ? "" : `, did you mean ${near}?`}`;
      });
  return [...wrong("PROXMOX_TOOLS", tools), ...wrong("PROXMOX_EXCLUDE_TOOLS", excluded)];
}

/** What both allow. The operator's settings are the ceiling: nothing that they forbid comes back. */
export function stricter(ceiling: Policy, { elevated, readOnly, deny }: PolicySettings): Policy {
  return {
    ...ceiling,
    elevated: ceiling.elevated && elevated,
    readOnly: ceiling.readOnly || readOnly,
    deny: [...new Set([...ceiling.deny, ...deny])],
  };
}
