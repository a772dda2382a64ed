// Owns what narrows a bearer token: the same settings that narrow the server, read by the same reader.
import { type PolicySettings, readPolicy } from "../config/policy.ts";
import type { Token } from "../server/http/tokens.ts";
import { categories } from "../tools/listing.gen.ts";
import type { Context } from "./command.ts";
import { unknownTools } from "./narrowed.ts";

/** Option of `token new` → the setting that means the same. */
const settingOf: Readonly<Record<string, string>> = {
  "read-only": "PROXMOX_READ_ONLY",
  toolsets: "PROXMOX_TOOLSETS",
  tools: "PROXMOX_TOOLS",
  "exclude-tools": "PROXMOX_EXCLUDE_TOOLS",
  deny: "PROXMOX_DENY",
};

/** What the options of `token new` narrow, as settings. */
export function settingsFrom(options: Context["options"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settingOf).flatMap(([option, setting]) => {
      const value = options[option];
      return value === undefined ? [] : [[setting, String(value)]];
    }),
  );
}

/** What a token narrows, or every mistake in it: then it is good for nothing. */
export function grantOf({ settings }: Pick<Token, "settings">): { policy: PolicySettings } | { mistakes: string[] } {
  const strange = Object.keys(settings).filter((name) => !Object.values(settingOf).includes(name));
  const { policy, mistakes } = readPolicy(settings, true);
  const all = [
    ...strange.map((name) => `${name} narrows no token.`),
    ...mistakes,
    ...unknownTools(policy.narrowing, categories),
  ];
  return all.length > 0 ? { mistakes: all } : { policy };
}

/** `read-only, toolsets guests,backup`, as a list shows it. */
export function narrowingText({ settings }: Pick<Token, "settings">): string {
  const said = Object.entries(settingOf).flatMap(([option, setting]) => {
    const value = settings[setting];
    if (value === undefined) return [];
    return option === "read-only" ? [option] : [`${option} ${value}`];
  });
  return said.join("; ");
}
