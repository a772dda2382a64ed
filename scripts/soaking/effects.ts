// Owns the counting at the cluster: which of the soak's writes took effect, and how often.
import type { Simulator } from "../../src/simulator/simulator.ts";

type Fetch = (request: Request) => Promise<Response>;

/** A write carries its number in a text that it sets, or as its time limit where it sets none. */
export const markOf = (write: number): string => `soak-${write}`;
export const limitOf = (write: number): number => 1_000_000 + write;
const MARK = /soak-(\d+)|timeout=1(\d{6})\b/;

/** Tasks that are kept; PVE forgets old ones too. */
const KEPT = 2_000;

/** The number of effects of each write that had any. */
export type Effects = Map<number, number>;

/** Seconds after which a task that hangs is stopped, as an operator would: its guest is locked for as long as it runs. */
const HANGS = 2;

/** Counts what goes through to the cluster, and keeps the cluster from growing. */
export function createEffects(simulator: Simulator) {
  const effects: Effects = new Map();
  const open = new Map<string, number>();
  const add = (write: number) => effects.set(write, (effects.get(write) ?? 0) + 1);

  const counting =
    (fetch: Fetch): Fetch =>
    async (request) => {
      const body = request.method === "POST" || request.method === "PUT" ? await request.clone().text() : "";
      const response = await fetch(request);
      const [, text, limit] = MARK.exec(body) ?? [];
      const write = text ?? limit;
      if (write === undefined || request.method === "GET" || !response.ok) return response;
      const upid = /"(UPID:[^"]+)"/.exec(await response.clone().text())?.[1];
      if (upid === undefined) add(Number(write));
      else open.set(upid, Number(write));
      return response;
    };

  /** A task took effect when it ended well. */
  const settle = () => {
    for (const { upid, exitstatus } of simulator.state.tasks) {
      const write = open.get(upid);
      if (write === undefined || exitstatus === undefined) continue;
      open.delete(upid);
      if (exitstatus === "OK" || exitstatus.startsWith("WARNINGS")) add(write);
    }
  };

  const tidy = () => {
    settle();
    const { state } = simulator;
    const going = state.tasks.filter((task) => task.exitstatus === undefined);
    const running = new Set(going.map(({ id }) => id));
    for (const { upid, node, starttime } of going) {
      if (starttime > Date.now() / 1000 - HANGS) continue;
      const url = `https://pve/api2/json/nodes/${node}/tasks/${upid}`;
      const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}` };
      simulator.fetch(new Request(url, { method: "DELETE", headers })).catch(() => {});
    }
    for (const [vmid, guest] of Object.entries(state.guests)) {
      const made = /^soak-/.test(guest.config.values.name ?? "");
      if (made && !running.has(vmid) && guest.created < Date.now() - 2_000) delete state.guests[vmid];
    }
    for (const pool of Object.keys(state.pools)) if (/^soak-/.test(pool)) delete state.pools[pool];
    const ended = state.tasks.filter((task) => task.exitstatus !== undefined);
    for (const old of ended.slice(KEPT)) state.tasks.splice(state.tasks.indexOf(old), 1);
  };

  return { counting, tidy, effects, settle };
}
