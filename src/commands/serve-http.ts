// Owns `serve --http`: the tools as a service for several people, each with a token.
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { readLogLevel } from "../config/log-level.ts";
import { type PolicySettings, readPolicy } from "../config/policy.ts";
import { settings } from "../config/settings.ts";
import { notifySocket, stateFolder } from "../config/state.ts";
import { type Address, shownAddress } from "../server/http/address.ts";
import type { Sender } from "../server/http/callers.ts";
import type { TlsFiles } from "../server/http/front.ts";
import { createNotify } from "../server/http/notify.ts";
import { type HttpServing, serveHttp } from "../server/http/serve.ts";
import type { Context } from "./command.ts";
import { program } from "./commands.ts";
import { serviceConfiguration } from "./configuration.ts";
import { type HttpOptions, readHttpOptions } from "./http-options.ts";
import { embedded, type Reach, secretsOf, type Tools, toolsOver } from "./served.ts";
import { grantOf } from "./token-policy.ts";
import { usageLine } from "./usage.ts";

/** Exit code 1 when it can't begin, 2 when the options don't go together. */
export async function run(context: Context): Promise<number> {
  const options = readHttpOptions(context.options);
  const state = stateFolder(context.env);
  const usage = "problem" in options ? options : options.authentication && state === undefined ? noState : undefined;
  if (usage !== undefined || "problem" in options) {
    context.stderr.write(`${usageLine(usage ?? noState)}\n`);
    return 2;
  }
  const serving = await servingOf(context, options, state ?? "");
  try {
    await serveHttp(serving);
    return 0;
  } catch (error) {
    context.stderr.write(`${program} serve: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

const noState = { problem: "there is no folder for the tokens: set STATE_DIRECTORY, or HOME" };

/** The service of some options; what a test wants otherwise it may change. */
export async function servingOf(context: Context, options: HttpOptions, state: string): Promise<HttpServing> {
  const demo = context.options.demo === true;
  const { reach, policy, isReachable, hasToken } = await (demo ? demonstration(context) : configured(context));
  const tools = await toolsOver({ policy, reach }, demo);
  const { tls } = options;
  const readTls = tls && (() => tlsFiles(tls));
  const names = tls ? await namesIn(tls.cert) : [];
  return {
    address: options.address,
    readTls,
    hosts: [...options.hosts, ...names],
    state: options.authentication ? state : undefined,
    demo,
    logLevel: readLogLevel(context.env),
    secrets: tools.secrets,
    open: (sender) => opened(tools, sender, demo),
    readPveToken,
    async notReady(tokens, deep) {
      if (tools.mistakes.length > 0) return "the settings are not right: the answer to any call has the list";
      const useless = !hasToken && !tokens.some(({ ownPveToken }) => ownPveToken);
      if (useless) return "there is no token of Proxmox VE, and no bearer token made with --own-pve-token";
      return deep && !(await isReachable()) ? "Proxmox VE does not answer" : undefined;
    },
    notify: createNotify(notifySocket(context.env)),
    listening: (address) => context.stderr.write(welcome(address, options, tools.mistakes)),
  };
}

function welcome(address: Address, { tls, authentication }: HttpOptions, mistakes: readonly string[]): string {
  const at = shownAddress(address);
  const url = "path" in address ? at : `${tls ? "https" : "http"}://${at}/mcp`;
  const lines = [
    `${program} serves MCP on ${url}${authentication ? "" : ", without authentication"}`,
    ...mistakes.map((mistake) => `the settings are not right: ${mistake}`),
  ];
  return `${lines.join("\n")}\n`;
}

interface Service {
  readonly policy: PolicySettings;
  readonly reach: Reach;
  readonly hasToken: boolean;
  isReachable(): Promise<boolean>;
}

async function demonstration(context: Context): Promise<Service> {
  return { ...(await embedded(context)), hasToken: true, isReachable: async () => true };
}

async function configured({ env }: Context): Promise<Service> {
  const reading = await serviceConfiguration(env);
  if ("mistakes" in reading) {
    const { policy } = readPolicy(env, false);
    return { policy, reach: reading, hasToken: true, isReachable: async () => false };
  }
  const { config } = reading;
  const { credentials } = config;
  const { answers, connected, connectedAs } = await import("./connect.ts");
  const reach: Reach = {
    connectAs: (authorization) => connectedAs(authorization, config),
    ...(credentials && { connect: () => connected({ ...config, ...credentials }) }),
    secrets: credentials ? secretsOf(credentials.authorization.reveal()) : [],
  };
  let asked: { at: number; answer: Promise<boolean> } | undefined;
  const isReachable = () => {
    // whoever may ask for readiness may not make the service hammer at the cluster
    if (!asked || Date.now() - asked.at > 5_000) asked = { at: Date.now(), answer: answers(config) };
    return asked.answer;
  };
  return { policy: config.policy, reach, hasToken: credentials !== undefined, isReachable };
}

/** The tools as a sender may use them. */
function opened(tools: Tools, { token, authorization }: Sender, demo: boolean): Tools | { readonly problem: string } {
  if (!token) return tools;
  if (authorization !== undefined && demo) return { problem: "the demo cluster takes no tokens of Proxmox VE" };
  const grant = grantOf(token);
  return "mistakes" in grant
    ? { problem: `what narrows the token ${token.name} can't be read: ${grant.mistakes.join(" ")}` }
    : tools.under({ token: token.name, policy: grant.policy, authorization });
}

/** `user@realm!name=value` as PVE's header; as in PROXMOX_TOKEN_VALUE, all of it in one. */
function readPveToken(text: string): string | undefined {
  const reading = settings.tokenValue.kind.read(text);
  const { user, name, value } = "value" in reading ? reading.value : {};
  const whole = user !== undefined && name !== undefined && value !== undefined;
  return whole ? `PVEAPIToken=${user}!${name}=${value}` : undefined;
}

async function tlsFiles({ cert, key }: { cert: string; key: string }): Promise<TlsFiles> {
  return { cert: await readFile(cert, "utf8"), key: await readFile(key, "utf8") };
}

/** The names that the certificate is for: clients reach the service under one of them. */
async function namesIn(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  if (!text.includes("-----BEGIN CERTIFICATE-----")) return [];
  const { subjectAltName = "" } = new X509Certificate(text);
  return [...subjectAltName.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].flatMap(([, name]) => name ?? []);
}
