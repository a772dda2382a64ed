// Owns what completion/complete answers: names of nodes, guests, storages and tasks, as the tools tell them.
import type { CompleteRequestParams } from "@modelcontextprotocol/server";
import { isError, type Row } from "../toolkit/answer.ts";
import type { Caller } from "../toolkit/call.ts";
import type { Served } from "./mcp-server.ts";
import { prompts } from "./prompts/offered.ts";
import type { Recent } from "./recent.ts";
import { resources } from "./resources/resource.ts";

/** What an argument of a prompt or a variable of a resource stands for. `vmid`: a guest, by its number alone. */
export type Subject = "node" | "guest" | "vmid" | "storage" | "upid";

/** By whom it is asked. */
export interface Asker {
  readonly served: Pick<Served, "call">;
  readonly recent: Recent;
  readonly caller: Caller;
}

interface Asking extends Asker {
  /** Whether it begins with what was typed. */
  begins(offer: Pick<Offer, "texts">): boolean;
  /** What stands in the other arguments. */
  readonly others: Readonly<Record<string, string>>;
}

/** Values that begin like the one that is there (MCP 2025-11-25, Completion). Where nothing may be asked there are none. */
export async function completionFor({ ref, argument, context }: CompleteRequestParams, asker: Asker) {
  const subject = ref.type === "ref/prompt" ? ofPrompt(ref.name, argument.name) : ofResource(ref.uri, argument.name);
  const start = argument.value.trim().toLowerCase();
  const begins = ({ texts }: Pick<Offer, "texts">) => texts.some((text) => text.toLowerCase().startsWith(start));
  const offers = subject ? await found[subject]({ ...asker, begins, others: context?.arguments ?? {} }) : [];
  const values = offers.filter(begins);
  const total = values.length;
  return { values: values.slice(0, most).map(({ value }) => value), total, hasMore: total > most };
}

function ofPrompt(prompt: string, name: string): Subject | undefined {
  const all = prompts.find((one) => one.name === prompt)?.arguments ?? [];
  return all.find((one) => one.name === name)?.completes;
}

function ofResource(uri: string, name: string): Subject | undefined {
  const { variables = {} } = resources.find((one) => one.uri === uri) ?? {};
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** As many as MCP lets one answer hold. */
const most = 100;

/** A value, and the texts by which it can be begun. */
interface Offer {
  readonly value: string;
  readonly texts: readonly string[];
}

const plain = (values: readonly string[]): Offer[] => [...new Set(values)].map((value) => ({ value, texts: [value] }));

const found: Readonly<Record<Subject, (asking: Asking) => Promise<readonly Offer[]>>> = {
  node: async (asking) => plain(await nodes(asking)),
  guest: (asking) => guests(asking, ({ vmid, name, isAlone }) => (name && isAlone ? name : vmid)),
  vmid: (asking) => guests(asking, ({ vmid }) => vmid),
  async storage(asking) {
    const { node } = asking.others;
    const given = node ? { action: "cluster_usage", node } : { action: "list" };
    return plain((await rowsOf("proxmox_storage_config", given, asking)).map(({ storage }) => String(storage)));
  },
  upid: async (asking) => plain((await tasks(asking)).map(({ upid }) => String(upid))),
};

interface Known {
  readonly vmid: string;
  readonly name: string | undefined;
  /** No other guest has its name. */
  readonly isAlone: boolean;
}

/** Those that the session used come first, then those with the newest tasks: these are asked for where there is a choice. */
async function guests(asking: Asking, named: (guest: Known) => string): Promise<readonly Offer[]> {
  const rows = await rowsOf("proxmox_guest_list", {}, asking);
  const times = new Map<unknown, number>();
  for (const { name } of rows) times.set(name, (times.get(name) ?? 0) + 1);
  const all = rows
    .map(({ vmid, name }): Known => {
      const isAlone = times.get(name) === 1;
      return { vmid: String(vmid), name: typeof name === "string" ? name : undefined, isAlone };
    })
    .filter(({ vmid, name }) => asking.begins({ texts: [vmid, name ?? vmid] }));
  const done = all.length > 1 ? await tasks(asking) : [];
  const newest = new Map(done.map(({ id }, place) => [String(id), place] as const).toReversed());
  const ranks = all.map(({ vmid, name }): [number, number] => [
    asking.recent.rank(vmid, name),
    newest.get(vmid) ?? done.length,
  ]);
  const order = all.map((_, place) => place).sort((one, other) => difference(ranks[one], ranks[other]));
  return order.flatMap((place) => {
    const guest = all[place];
    return guest ? [{ value: named(guest), texts: [guest.vmid, guest.name ?? guest.vmid] }] : [];
  });
}

function difference([used, task]: readonly number[] = [], [other, another]: readonly number[] = []): number {
  return used === other ? Number(task) - Number(another) : Number(used) - Number(other);
}

const nodeRows = (asking: Asking) => rowsOf("proxmox_node", { action: "list" }, asking);

const nodes = async (asking: Asking): Promise<string[]> => (await nodeRows(asking)).map(({ node }) => String(node));

/** More nodes than this aren't asked for their tasks while somebody types. */
const mostNodes = 8;

/** The newest tasks of the cluster's nodes, the newest first. A node that is offline would let whoever types wait for it. */
async function tasks(asking: Asking): Promise<readonly Row[]> {
  const some = (await nodeRows(asking)).filter(({ status }) => status === "online").slice(0, mostNodes);
  const wanted = { action: "list", source: "all", limit: 20 };
  const each = some.map(({ node }) => rowsOf("proxmox_node_task", { ...wanted, node }, asking));
  return (await Promise.all(each)).flat().sort((one, other) => Number(other.starttime) - Number(one.starttime));
}

/** All rows that a tool tells, and none where it is refused. */
async function rowsOf(tool: string, given: Row, { served, caller }: Asking): Promise<readonly Row[]> {
  const answer = await served.call(tool, given, { ...caller, budget: Number.POSITIVE_INFINITY });
  return answer && !isError(answer) ? (answer.rows ?? []) : [];
}
