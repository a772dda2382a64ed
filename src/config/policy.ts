// Owns the settings that say what the tools may do, read apart from those that say where the cluster is.
import { sentence } from "./mistake.ts";
import { createReader, type Environment } from "./reader.ts";
import { settings } from "./settings.ts";

/** What the operator allows. Values that can't be read stand at their most careful, and are told in `mistakes`. */
export interface PolicySettings {
  readonly elevated: boolean;
  readonly readOnly: boolean;
  readonly deny: readonly ("destroy" | "exec" | "reveal" | "write")[];
}

/** @param usual whether elevated operations are allowed when PROXMOX_ALLOW_ELEVATED isn't set */
export function readPolicy(env: Environment, usual: boolean): { policy: PolicySettings; mistakes: string[] } {
  const reader = createReader(env, () => "");
  const policy = {
    elevated: reader.given(settings.allowElevated) ?? (usual && reader.raw(settings.allowElevated) === undefined),
    readOnly: reader.given(settings.readOnly) ?? reader.raw(settings.readOnly) !== undefined,
    deny: reader.given(settings.deny) ?? [],
  };
  return { policy, mistakes: reader.mistakes.map((mistake) => sentence(mistake, reader.secrets)) };
}
