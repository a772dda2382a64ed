// Owns the settings that say what the tools may do, read apart from those that say where the cluster is.
import { misspelt } from "./misspelt.ts";
import { sentence } from "./mistake.ts";
import { createReader, type Environment, type Reader } from "./reader.ts";
import { type Setting, settings } from "./settings.ts";
import type { Toolset } from "./toolsets.ts";

export type DeniedKind = "destroy" | "exec" | "reveal" | "write";

/** What the operator allows. A setting that can't be read stands at its most careful. */
export interface PolicySettings {
  readonly elevated: boolean;
  readonly readOnly: boolean;
  readonly deny: readonly DeniedKind[];
  /** While this file exists nothing but reading runs. */
  readonly stopFile?: string;
  readonly narrowing: Narrowing;
}

/** Which tools are there at all; with neither toolsets nor tools all of them. */
export interface Narrowing {
  readonly toolsets: readonly Toolset[];
  readonly tools: readonly string[];
  readonly excluded: readonly string[];
}

/** @param usual whether elevated operations are allowed when PROXMOX_ALLOW_ELEVATED isn't set */
export function readPolicy(env: Environment, usual: boolean): { policy: PolicySettings; mistakes: string[] } {
  const reader = createReader(env, () => "");
  const policy = policyIn(reader, usual);
  const { allowElevated, readOnly, deny, stopFile, toolsets, tools, excludeTools } = settings;
  const concerned: readonly Setting<unknown>[] = [
    allowElevated,
    readOnly,
    deny,
    stopFile,
    toolsets,
    tools,
    excludeTools,
  ];
  const slips = misspelt(env).filter(({ setting }) => concerned.includes(setting));
  return { policy, mistakes: [...reader.mistakes, ...slips].map((mistake) => sentence(mistake, reader.secrets)) };
}

/** The policy's settings through a reader, which gathers their mistakes. */
export function policyIn(reader: Reader, usual: boolean): PolicySettings {
  const isSet = (setting: Setting<unknown>): boolean => reader.raw(setting) !== undefined;
  const stopFile = reader.path(settings.stopFile);
  return {
    ...(stopFile !== undefined && { stopFile }),
    elevated: reader.given(settings.allowElevated) ?? (usual && !isSet(settings.allowElevated)),
    readOnly: reader.given(settings.readOnly) ?? isSet(settings.readOnly),
    narrowing: {
      toolsets: reader.given(settings.toolsets) ?? [],
      tools: reader.given(settings.tools) ?? [],
      excluded: reader.given(settings.excludeTools) ?? [],
    },
    deny: reader.given(settings.deny) ?? (isSet(settings.deny) ? ["destroy", "exec", "reveal", "write"] : []),
  };
}
