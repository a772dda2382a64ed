// Owns which variables look like a setting and aren't one.
import { distance } from "../schema/nearest.ts";
import type { Mistake } from "./mistake.ts";
import type { Environment } from "./reader.ts";
import { allSettings, type Setting } from "./settings.ts";

const prefix = /^proxmox[_-]?/i;

/** What other programs call what we have; theirs to use once ours is set. */
const otherNames = new Map([
  ["HOSTNAME", "PROXMOX_HOST"],
  ["USERNAME", "PROXMOX_USER"],
  ["TOKEN_ID", "PROXMOX_TOKEN_NAME"],
  ["TOKEN_SECRET", "PROXMOX_TOKEN_VALUE"],
  ["ELEVATED", "PROXMOX_ALLOW_ELEVATED"],
]);

/** A mistake for each variable whose name is a slip away from a setting's. Other PROXMOX_ variables may be somebody else's. */
export function misspelt(env: Environment): readonly Mistake[] {
  const known = new Set(allSettings.map(({ name }) => name));
  return names(env)
    .filter((name) => prefix.test(name) && !known.has(name) && env[name]?.trim())
    .flatMap((name) => {
      const [meant, ...others] = meantBy(name.replace(prefix, "").toUpperCase(), env);
      if (meant === undefined) return [];
      const right = [meant, ...others].map((setting) => setting.name).join(" and ");
      const cure = `it is not a setting, but ${right} ${others.length === 0 ? "is" : "are"}`;
      return [{ setting: meant, misspelt: name, held: env[name] ?? "", cure }];
    });
}

/** The settings that a name without its prefix may mean: the nearest one, or those of which it is the beginning. */
function meantBy(rest: string, env: Environment): readonly Setting<unknown>[] {
  const near = allSettings
    .map((setting) => ({ setting, steps: distance(rest, setting.name.replace(prefix, "")) }))
    .sort((one, other) => one.steps - other.steps)[0];
  if (near !== undefined && near.steps <= Math.max(1, Math.floor(rest.length / 5))) return [near.setting];
  const begun = allSettings.filter(({ name }) => rest !== "" && name.startsWith(`PROXMOX_${rest}_`));
  return begun.length > 0
    ? begun
    : allSettings.filter(({ name }) => name === otherNames.get(rest) && !env[name]?.trim());
}

/** Every name, also those that an environment takes over from another; none where Deno doesn't give the list. */
function names(env: Environment): readonly string[] {
  try {
    const all: string[] = [];
    for (const name in env) all.push(name);
    return all;
  } catch {
    return [];
  }
}
