// Owns which cluster there is at the start: the demo's, the recorded one, or one of any size made by rule.
import type { Version } from "../../schema/registry.ts";
import type { Random } from "../engine/random.ts";
import type { ClusterState } from "../engine/state.ts";
import type { Secrets } from "./access.ts";
import { workingCeph } from "./ceph.ts";
import { demoStart } from "./demo.ts";
import { recordedStart } from "./recorded.ts";
import { inRelease } from "./release.ts";
import { ruledStart } from "./rule.ts";

export interface StartOptions {
  /** `demo` unless told; `recorded`: three nodes, storage local, no guests yet. */
  start?: "demo" | "recorded";
  /** 9.2 unless told. */
  pve?: Version;
  /** With either of these the cluster is made by rule: three nodes unless told, four guests a node unless told. */
  nodes?: number;
  guests?: number;
  /** Whether Ceph is installed and at work. */
  ceph?: boolean;
}

export interface Start {
  state: ClusterState;
  secrets: Secrets;
}

/** @param now milliseconds since 1970: what runs has been running since some time before it. */
export function startState(options: StartOptions, now: number, random: Random): Start {
  const { state, secrets } = chosen(options, now, random);
  if (options.ceph === true) state.ceph = workingCeph(state, now);
  return { state: inRelease(state, options.pve ?? "9.2"), secrets };
}

function chosen({ start, nodes, guests }: StartOptions, now: number, random: Random): Start {
  if (start === "recorded") return recordedStart(now, random);
  if (nodes === undefined && guests === undefined) return demoStart(now, random);
  return ruledStart(now, random, { nodes: nodes ?? 3, guests: guests ?? 4 * (nodes ?? 3) });
}
