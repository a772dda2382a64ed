// Owns the order of the doctor's checks, and what is left out when one of them fails.
import type { Config, Door } from "../config/config.ts";
import { createClient, type Fetch } from "../pve/client.ts";
import { systemClock } from "../pve/clock.ts";
import { PveError } from "../pve/errors.ts";
import { subjectOf } from "../pve/redact.ts";
import type { TransportOptions } from "../pve/transport.ts";
import { greet, releaseOf } from "./api.ts";
import { checkNodes } from "./cluster.ts";
import { type Finding, failed, ok, type Report, warning } from "./finding.ts";
import { checkFolder, checkProcessor } from "./machine.ts";
import { checkName, checkPort } from "./network.ts";
import { checkSsh } from "./ssh.ts";
import { checkToken, roleLines } from "./token.ts";
import type { Named } from "./verdict.ts";

/** What is examined. */
export interface Patient {
  readonly config: Config;
  /** The first finding: what is to be said of the settings. */
  readonly settings: Finding;
  /** All operations that the settings enable. */
  readonly operations: readonly Named[];
  /** How a door's certificate is judged. */
  trustOf(door: Door): TransportOptions;
  readonly fetch: Fetch;
  readonly arch: string;
  /** Linux's file on the processor, unless it is /proc/cpuinfo. */
  readonly cpuinfo?: string;
  now(): number;
}

/** Everything, as far as it can be looked at. */
export async function examine(patient: Patient): Promise<Report> {
  const { config, operations } = patient;
  const here = [await checkProcessor(patient.arch, patient.cpuinfo), await checkFolder(config.folder)];
  const subject = subjectOf(config.authorization.reveal()) ?? "USER@REALM!TOKEN";
  const role = roleLines(operations, subject);
  const doors = await Promise.all(config.doors.map((door) => approach(patient, door)));
  const before = [patient.settings, ...doors.flatMap(({ findings }) => findings)];
  const version = doors.find((door) => door.version !== undefined)?.version;
  if (version === undefined) {
    return { findings: [...before, ...here], unchecked: ["privileges", "nodes", "SSH"], role };
  }
  const release = releaseOf(version);
  const client = createClient({ ...clientOf(patient) });
  const steps = await inside(async () => {
    const token = await checkToken({ client, subject, operations, now: patient.now }, release);
    const nodes = await checkNodes(client);
    const ssh = await checkSsh(config.ssh, nodes.members);
    return { token, findings: [...token.findings, ...nodes.findings, ...ssh] };
  });
  if ("failure" in steps)
    return { findings: [...before, steps.failure, ...here], unchecked: ["nodes", "SSH"], role, release };
  return {
    findings: [...before, ...steps.findings, ...here],
    unchecked: [],
    role,
    release,
    operations: steps.token.operations,
  };
}

const clientOf = ({ fetch, config }: Patient) => ({
  fetch,
  base: config.base,
  authorization: config.authorization.reveal(),
  clock: systemClock,
});

/** From the name to the version; of several nodes one that can't be reached is no failure of the whole. */
async function approach(patient: Patient, door: Door): Promise<{ findings: Finding[]; version?: string }> {
  const { config, now } = patient;
  const findings = [await checkName(door)];
  const go = () => findings.every(({ state }) => state !== "failed");
  if (go()) findings.push(await checkPort(door));
  if (!go()) return { findings: eased(findings, config) };
  const node = { base: door.base, authorization: config.authorization.reveal(), trust: patient.trustOf(door), now };
  const greeting = await greet(node);
  const all = eased([...findings, ...greeting.findings], config);
  return { findings: all, ...(greeting.version !== undefined && { version: greeting.version }) };
}

function eased(findings: readonly Finding[], { doors }: Config): Finding[] {
  if (doors.length < 2) return [...findings];
  return findings.map((one) =>
    one.state === "failed" && one.check !== "token" ? warning(one.check, one.text, one.todo ?? "") : one,
  );
}

async function inside<Result>(work: () => Promise<Result>): Promise<Result | { failure: Finding }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    return { failure: failed("API", error.sentence, error.next) };
  }
}

/** The report where the settings are wrong: nothing is asked of anybody. */
export async function examineMistaken(mistakes: readonly string[], arch: string): Promise<Report> {
  const findings = mistakes.map((mistake) => failed("settings", mistake, "Correct it; README lists the settings."));
  const unchecked = ["name", "port", "TLS", "clock", "version", "token", "privileges", "nodes", "SSH", "upload folder"];
  return { findings: [...findings, await checkProcessor(arch)], unchecked };
}

/** The finding of settings that are right. */
export const settingsFinding = (config: Config): Finding =>
  ok("settings", `${config.doors.map(({ base }) => base).join(", ")} as ${config.user}!${config.tokenName}`);
