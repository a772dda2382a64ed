// Owns the doctor's run over the embedded cluster, served over HTTPS: settings that fit, and what of them is to be broken.
import { type Machine, run } from "../../src/commands/doctor.ts";
import type { Report } from "../../src/doctor/finding.ts";
import { serveHttps } from "../../src/simulator/https/server.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/simulator.ts";
import { collected } from "../commands/collected.ts";

export interface Ward extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly port: number;
  readonly fingerprint: string;
  /** The settings that fit, for one of the cluster's tokens. */
  settings(token: keyof Simulator["tokens"]): Record<string, string>;
}

export async function ward(options: SimulatorOptions = {}): Promise<Ward> {
  const simulator = createSimulator({ seed: 1, speed: Number.POSITIVE_INFINITY, ...options });
  const served = await serveHttps((request) => simulator.fetch(request));
  return {
    simulator,
    port: served.port,
    fingerprint: served.fingerprint,
    settings(token) {
      const [user = "", rest = ""] = simulator.tokens[token].split("!");
      const [name = "", value = ""] = rest.split("=");
      return {
        PROXMOX_HOST: "127.0.0.1",
        PROXMOX_PORT: String(served.port),
        PROXMOX_USER: user,
        PROXMOX_TOKEN_NAME: name,
        PROXMOX_TOKEN_VALUE: value,
        PROXMOX_SSL_MODE: "verify",
        PROXMOX_SSL_FINGERPRINT: served.fingerprint,
      };
    },
    [Symbol.asyncDispose]: () => served.close(),
  };
}

export interface Examined {
  readonly code: number;
  readonly report: Report;
  /** `state check: text` of each finding, and the todo behind an arrow. */
  readonly lines: readonly string[];
}

/** The doctor's report, by --json. */
export async function examined(env: Record<string, string>, machine: Machine = {}): Promise<Examined> {
  const out = collected();
  const code = await run({ options: { json: true }, env, stdout: out.stdout, stderr: out.stdout }, machine);
  const report: Report = JSON.parse(out.text());
  const lines = report.findings.map(
    ({ state, check, text, todo }) => `${state} ${check}: ${text}${todo === undefined ? "" : ` → ${todo}`}`,
  );
  return { code, report, lines };
}
