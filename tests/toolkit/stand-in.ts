// Owns a stand-in for PVE's HTTP side: it keeps what was sent, and answers as a test says.
import { createClient } from "../../src/pve/client.ts";
import { systemClock } from "../../src/pve/clock.ts";
import { createGuests } from "../../src/pve/guests.ts";
import { route } from "../../src/schema/registry.ts";
import type { Cluster } from "../../src/toolkit/call.ts";
import type { Policy } from "../../src/toolkit/gate.ts";

/** A request as it reached the wire. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly (readonly [string, string])[];
}

export const everything: Policy = { elevated: true, readOnly: false, deny: [] };

/** A cluster whose requests are kept in `sent`; `answer` gives the data by method and path, or throws PVE's refusal (500). */
export function clusterAnswering(answer: (sent: Sent) => unknown, policy: Policy = everything) {
  const sent: Sent[] = [];
  const cluster = clusterOver(async (request) => {
    const one = await sentOf(request);
    sent.push(one);
    try {
      return Response.json({ data: answer(one) ?? null });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return Response.json({ data: null, message: `${message}\n` }, { status: 500, statusText: message });
    }
  }, policy);
  return { cluster, sent };
}

/** What PVE answers to an operation that starts a task, and what it then says of that task: it ended well. */
export function taskAnswers({ method, path }: Sent): unknown {
  if (path.endsWith("/log")) return [{ n: 1, t: "TASK OK" }];
  if (path.includes("/tasks/")) return { status: "stopped", exitstatus: "OK" };
  const found = method === "GET" ? undefined : route(method, path);
  return found?.endpoint.result === "string" ? "UPID:pve1:0000ABCD:0000ABCD:6B05B3B8:task:100:root@pam!t:" : undefined;
}

/** A cluster over a function of fetch's shape. */
export function clusterOver(
  fetch: (request: Request) => Promise<Response>,
  policy: Policy = everything,
  token = "root@pam!t=x",
): Cluster {
  const client = createClient({ fetch, base: "https://pve:8006", authorization: `PVEAPIToken=${token}` });
  return { client, guests: createGuests(client, systemClock), clock: systemClock, policy };
}

/** What a request says, its parameters from the query or the form. */
export async function sentOf(request: Request): Promise<Sent> {
  const { pathname, searchParams } = new URL(request.url);
  const body = request.method === "GET" || request.method === "DELETE" ? "" : await request.clone().text();
  const parameters = [...searchParams, ...new URLSearchParams(body)];
  return { method: request.method, path: pathname.replace(/^\/api2\/json/, ""), parameters };
}
