// Owns the command `doctor`: what of the settings, the way, the token and the cluster is wrong, before a model meets it.
import type { Config } from "../config/config.ts";
import { variable } from "../config/reader.ts";
import { clientNames, isClient } from "../doctor/client-settings.ts";
import { examine, examineMistaken, settingsFinding } from "../doctor/examine.ts";
import { type Finding, type Report, warning } from "../doctor/finding.ts";
import { localNode } from "../doctor/local-node.ts";
import { reportText } from "../doctor/text.ts";
import type { Named } from "../doctor/verdict.ts";
import { denialOf } from "../toolkit/gate.ts";
import { catalogue } from "../tools/catalogue.ts";
import { categories } from "../tools/listing.gen.ts";
import type { Context } from "./command.ts";
import { program } from "./commands.ts";
import { configuration } from "./configuration.ts";
import { doorsOf, trustOf } from "./connect.ts";
import { clientSnippet } from "./doctor-client.ts";
import { enabledTools, unknownTools } from "./narrowed.ts";

/** What of the machine a test puts something else in the place of. */
export interface Machine {
  /** Where a Proxmox VE host keeps its own settings. */
  readonly pveFolder?: string;
  readonly cpuinfo?: string;
  readonly arch?: string;
  now?(): number;
}

/** Exit code 0 unless something has failed; 2 for a client that isn't known. */
export async function run(
  context: Pick<Context, "options" | "env" | "stdout" | "stderr">,
  machine: Machine = {},
): Promise<number> {
  const { options, stdout, stderr } = context;
  const node = await localNode(machine.pveFolder);
  const env = onNode(context.env, node);
  if (typeof options.client === "string") {
    if (!isClient(options.client)) {
      stderr.write(`${program} doctor: --client is one of ${clientNames.join(", ")}; see ${program} doctor --help\n`);
      return 2;
    }
    stdout.write(clientSnippet(options.client, env));
    return 0;
  }
  const isFound = env !== context.env ? node : undefined;
  const report = await reportOn(env, machine, isFound);
  stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : reportText(report));
  return report.findings.some(({ state }) => state === "failed") ? 1 : 0;
}

/** On a node without PROXMOX_HOST it is the node itself that is meant. */
function onNode(env: Context["env"], node: string | undefined): Context["env"] {
  if (node === undefined || variable(env, "PROXMOX_HOST")) return env;
  return Object.create(env, { PROXMOX_HOST: { value: "localhost", enumerable: true } });
}

async function reportOn(env: Context["env"], machine: Machine, node: string | undefined): Promise<Report> {
  const { arch = process.arch, cpuinfo, now = Date.now } = machine;
  const reading = await configuration(env);
  const unknown = "config" in reading ? unknownTools(reading.config.policy.narrowing, categories) : [];
  if (!("config" in reading)) return examineMistaken(reading.mistakes, arch);
  if (unknown.length > 0) return examineMistaken(unknown, arch);
  const { config } = reading;
  const [fetch, trust] = await Promise.all([doorsOf(config), trustOf(config)]);
  const patient = {
    config,
    settings: settingsSaid(config, node),
    operations: enabledOperations(config),
    trustOf: trust,
  };
  return examine({ ...patient, fetch, arch, now, ...(cpuinfo !== undefined && { cpuinfo }) });
}

function settingsSaid(config: Config, node: string | undefined): Finding {
  const right = settingsFinding(config);
  if (node === undefined) return right;
  const text = `PROXMOX_HOST isn't set; this machine is node ${node}, and is asked itself`;
  return warning(right.check, text, "Set PROXMOX_HOST=localhost: without it no tool runs.");
}

/** Every operation that is listed and that the gate lets through. */
function enabledOperations({ policy }: Config): Named[] {
  const enabled = enabledTools(policy.narrowing, categories);
  return catalogue
    .filter(({ name }) => enabled.has(name))
    .flatMap((tool) =>
      [...tool.operations].map(([action, operation]) => ({ name: `${tool.name} ${action}`.trim(), operation })),
    )
    .filter(({ operation }) => denialOf(operation.kind, policy) === undefined);
}
