// Owns what `serve`, `call` and `tools` have in common: one cluster, the listing under its policy, calls by a tool's name.
import type { PolicySettings } from "../config/policy.ts";
import type { Answer } from "../toolkit/answer.ts";
import type { Caller, Cluster } from "../toolkit/call.ts";
import type { Policy } from "../toolkit/gate.ts";
import type { ListedTool } from "../toolkit/listing.ts";
import type { Context } from "./command.ts";

/** The tools over one cluster. Nothing is loaded or connected before the first call. */
export interface Tools {
  readonly policy: Policy;
  /** Whether the settings leave tools out. */
  readonly narrowed: boolean;
  readonly listing: readonly ListedTool[];
  /** The secrets of the settings, for those who write lines and must not write them. */
  readonly secrets: readonly string[];
  /** `undefined` when there is no tool of that name. */
  call(tool: string, given: Readonly<Record<string, unknown>>, caller: Caller): Promise<Answer | undefined>;
}

/** How the cluster is reached, or every mistake in the settings. */
type Reach =
  | { readonly connect: () => Promise<Cluster>; readonly secrets: readonly string[] }
  | { readonly mistakes: readonly string[] };

/** The tools over the cluster that the settings name, or over the embedded one. */
export async function toolsFor(context: Context, demo: boolean): Promise<Tools> {
  const { policy, reach } = demo ? await embedded(context) : await configured(context);
  const [{ listings, categories }, { enabledTools, unknownTools }] = await Promise.all([
    import("../tools/listing.gen.ts"),
    import("./narrowed.ts"),
  ]);
  const enabled = enabledTools(policy.narrowing, categories);
  const unknown = unknownTools(policy.narrowing, categories);
  const mistakes = [...("mistakes" in reach ? reach.mistakes : []), ...unknown];
  let cluster: Promise<Cluster> | undefined;
  return {
    policy,
    narrowed: enabled.size < listings.full.length,
    listing: (policy.readOnly ? listings.readOnly : listings.full).filter(({ name }) => enabled.has(name)),
    secrets: "secrets" in reach ? reach.secrets : [],
    async call(name, given, caller) {
      if (!listings.full.some((tool) => tool.name === name)) return undefined;
      if (mistakes.length > 0 || "mistakes" in reach) return settingsAnswer(name, mistakes);
      if (!enabled.has(name)) return narrowedAnswer(name);
      const [{ catalogue }, { callTool }] = await Promise.all([
        import("../tools/catalogue.ts"),
        import("../toolkit/call.ts"),
      ]);
      const tool = catalogue.find((one) => one.name === name);
      if (!tool) return undefined;
      cluster ??= reach.connect();
      const answer = await callTool(tool, given, await cluster, caller);
      return demo ? { ...answer, notes: [...(answer.notes ?? []), demoNote] } : answer;
    },
  };
}

function narrowedAnswer(tool: string): Answer {
  return {
    outcome: "denied",
    summary: `this server runs without ${tool}`,
    reason: ["PROXMOX_TOOLSETS, PROXMOX_TOOLS and PROXMOX_EXCLUDE_TOOLS say which tools are there."],
  };
}

const demoNote = "This is the demo cluster in memory: nothing here is real.";

function settingsAnswer(tool: string, mistakes: readonly string[]): Answer {
  const summary = `${tool}: the settings are not right, nothing was sent`;
  return { outcome: "error", summary, reason: mistakes, kind: "settings" };
}

/** The cluster of PROXMOX_HOST. With a mistake elsewhere in the settings the listing is still the one that was asked for. */
async function configured({ env }: Context): Promise<{ policy: PolicySettings; reach: Reach }> {
  const { configuration } = await import("./configuration.ts");
  const reading = await configuration(env);
  if ("config" in reading) {
    const { config } = reading;
    const connect = async () => (await import("./connect.ts")).connected(config);
    const authorization = config.authorization.reveal();
    const secrets = [authorization, authorization.slice(authorization.lastIndexOf("=") + 1)];
    return { policy: config.policy, reach: { connect, secrets } };
  }
  const { readPolicy } = await import("../config/policy.ts");
  return { policy: readPolicy(env, false).policy, reach: reading };
}

/** The embedded cluster, where everything may be tried unless the settings say otherwise. */
async function embedded({ env }: Context): Promise<{ policy: PolicySettings; reach: Reach }> {
  const [{ readPolicy }, { readLimits }, { readFolder }] = await Promise.all([
    import("../config/policy.ts"),
    import("../config/limits.ts"),
    import("../config/folder.ts"),
  ]);
  const { policy, mistakes: unreadable } = readPolicy(env, true);
  const { limits, mistakes: unbounded } = readLimits(env);
  const { folder, mistakes: unplaced } = readFolder(env);
  const mistakes = [...unreadable, ...unbounded, ...unplaced];
  if (mistakes.length > 0) return { policy, reach: { mistakes } };
  const connect = async () => (await import("./connect.ts")).connectedDemo({ policy, limits, folder });
  return { policy, reach: { connect, secrets: [] } };
}
