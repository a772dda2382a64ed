// The demo's cluster with a backup server and a folder for files, behind the tools of storage and backups.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { movableClock } from "../../src/simulator/engine/clock.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { createUploadFolder } from "../../src/toolkit/upload-folder.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver } from "../toolkit/stand-in.ts";

export type Row = Readonly<Record<string, unknown>>;

/** The moment in which all of it happens, unless it is moved. */
export const noon = Date.UTC(2026, 10, 24, 12);

/** Tasks take no time. `pbs` is there, on a server that the cluster reaches; the folder is removed by `end`. */
export async function stores(without: { folder?: true } = {}) {
  const clock = movableClock(noon);
  const simulator = createSimulator({ clock, speed: Number.POSITIVE_INFINITY, seed: 1 });
  const path = mkdtempSync(join(tmpdir(), "files-"));
  const sent: string[] = [];
  const progress: string[] = [];
  const fetch = (request: Request) => {
    sent.push(`${request.method} ${new URL(request.url).pathname.slice("/api2/json".length)}`);
    return simulator.fetch(request);
  };
  const cluster = {
    ...clusterOver(fetch, undefined, simulator.tokens.root),
    ...(without.folder ? {} : { folder: createUploadFolder(path) }),
  };
  const call = (name: string, given: Row): Promise<Answer> => {
    const tool = catalogue.find((one) => one.name === `proxmox_${name}`);
    if (!tool) throw new Error(`no tool ${name}`);
    return callTool(tool, given, cluster, { onProgress: (line) => progress.push(line) });
  };
  /** What PVE itself says, past the tools: the data, or its sentence. */
  const ask = async (method: string, place: string, parameters: Readonly<Record<string, string>> = {}) => {
    const url = `https://pve:8006/api2/json${place}`;
    const query = new URLSearchParams(parameters);
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}` };
    const request =
      method === "GET"
        ? new Request(`${url}?${query}`, { headers })
        : new Request(url, { method, headers, body: method === "DELETE" ? null : query });
    const answer = await simulator.fetch(request);
    const { data, message } = (await answer.json()) as { data: unknown; message?: string };
    return answer.ok ? data : message;
  };
  const rows = async (place: string, parameters: Readonly<Record<string, string>> = {}): Promise<Row[]> => {
    const data = await ask("GET", place, parameters);
    return Array.isArray(data) ? data : [];
  };
  const pbs = {
    storage: "pbs",
    type: "pbs",
    server: "192.0.2.20",
    datastore: "ds",
    username: "root@pam",
    password: "x",
  };
  await ask("POST", "/storage", pbs);
  /** Makes a backup, an hour after the last one, and tells its volume id. */
  const backup = async (vmid: number, storage: string): Promise<string> => {
    clock.move(3_600_000);
    const answer = await call("backup", { action: "create", vmid, storage });
    return String(answer.record?.volid);
  };
  const end = () => rmSync(path, { recursive: true });
  return { call, ask, rows, sent, progress, backup, path, simulator, end };
}
