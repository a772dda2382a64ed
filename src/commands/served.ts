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
  /** What is wrong with the settings; every call is answered with it. */
  readonly mistakes: readonly string[];
  /** `undefined` when there is no tool of that name. */
  call(tool: string, given: Readonly<Record<string, unknown>>, caller: Caller): Promise<Answer | undefined>;
  /** The same tools for one who may less: what the settings forbid stays forbidden. */
  under(grant: Grant): Tools;
}

/** What a bearer token narrows, and with which token of PVE it runs. */
export interface Grant {
  readonly token: string;
  readonly policy: PolicySettings;
  /** Value of PVE's Authorization header, in the place of the settings' own. */
  readonly authorization?: string | undefined;
}

/** How the cluster is reached: with the settings' own token, where there is one, or with another. Or every mistake. */
export type Reach =
  | {
      readonly connect?: () => Promise<Cluster>;
      readonly connectAs?: (authorization: string) => Promise<Cluster>;
      readonly secrets: readonly string[];
    }
  | { readonly mistakes: readonly string[] };

/** The tools over the cluster that the settings name, or over the embedded one. */
export async function toolsFor(context: Context, demo: boolean): Promise<Tools> {
  return toolsOver(await (demo ? embedded(context) : configured(context)), demo);
}

/** The tools under a policy, over a cluster that is reached with the first call. */
export async function toolsOver(from: { policy: PolicySettings; reach: Reach }, demo: boolean): Promise<Tools> {
  const { policy: ceiling, reach } = from;
  const [{ listings, categories }, { enabledTools, stricter, unknownTools }] = await Promise.all([
    import("../tools/listing.gen.ts"),
    import("./narrowed.ts"),
  ]);
  const mistakes = [...("mistakes" in reach ? reach.mistakes : []), ...unknownTools(ceiling.narrowing, categories)];

  const view = (policy: Policy, enabled: ReadonlySet<string>, connect: () => Promise<Cluster> | undefined): Tools => ({
    policy,
    narrowed: enabled.size < listings.full.length,
    mistakes,
    listing: (policy.readOnly ? listings.readOnly : listings.full).filter(({ name }) => enabled.has(name)),
    secrets: "secrets" in reach ? reach.secrets : [],
    async call(name, given, caller) {
      if (!listings.full.some((tool) => tool.name === name)) return undefined;
      if (mistakes.length > 0) return settingsAnswer(name, mistakes);
      if (!enabled.has(name)) return narrowedAnswer(name, policy.token);
      const [{ catalogue }, { callTool }] = await Promise.all([
        import("../tools/catalogue.ts"),
        import("../toolkit/call.ts"),
      ]);
      const tool = catalogue.find((one) => one.name === name);
      if (!tool) return undefined;
      const cluster = await connect();
      if (!cluster) return settingsAnswer(name, [noToken]);
      const answer = await callTool(tool, given, { ...cluster, policy }, caller);
      return demo ? { ...answer, notes: [...(answer.notes ?? []), demoNote] } : answer;
    },
    under({ token, policy: narrower, authorization }) {
      const less = enabledTools(narrower.narrowing, categories);
      const both = new Set([...enabled].filter((name) => less.has(name)));
      const own = authorization === undefined ? connect : once(connectAs?.(authorization));
      return view({ ...stricter(policy, narrower), token }, both, own);
    },
  });
  const connectAs =
    "connectAs" in reach && reach.connectAs
      ? (authorization: string) => () => reach.connectAs?.(authorization)
      : undefined;
  const shared = once("connect" in reach ? reach.connect : undefined);
  return view(ceiling, enabledTools(ceiling.narrowing, categories), shared);
}

/** The cluster, connected with the first call and then kept; nothing where there is no way to it. */
function once(connect: (() => Promise<Cluster> | undefined) | undefined): () => Promise<Cluster> | undefined {
  let cluster: Promise<Cluster> | undefined;
  return () => {
    cluster ??= connect?.();
    return cluster;
  };
}

function narrowedAnswer(tool: string, token: string | undefined): Answer {
  const reason =
    token === undefined
      ? "PROXMOX_TOOLSETS, PROXMOX_TOOLS and PROXMOX_EXCLUDE_TOOLS say which tools are there."
      : `The token ${token} and the service's PROXMOX_TOOLSETS, PROXMOX_TOOLS and PROXMOX_EXCLUDE_TOOLS say which tools are there.`;
  return { outcome: "denied", summary: `this server runs without ${tool}`, reason: [reason] };
}

const noToken =
  "The service has no token of Proxmox VE: set PROXMOX_TOKEN_NAME and PROXMOX_TOKEN_VALUE, or call with a bearer token that was made with --own-pve-token.";

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
    return { policy: config.policy, reach: { connect, secrets: secretsOf(config.authorization.reveal()) } };
  }
  const { readPolicy } = await import("../config/policy.ts");
  return { policy: readPolicy(env, false).policy, reach: reading };
}

/** A header of PVE's as no line may hold it: whole, and the token's value alone. */
export function secretsOf(authorization: string): string[] {
  return [authorization, authorization.slice(authorization.lastIndexOf("=") + 1)];
}

/** The embedded cluster, where everything may be tried unless the settings say otherwise. */
export async function embedded({ env }: Context): Promise<{ policy: PolicySettings; reach: Reach }> {
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
