// Owns the checks of the cluster: which nodes are there, and whether it may change anything.
import type { PveClient } from "../pve/client.ts";
import { PveError } from "../pve/errors.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";
import { rowsOf } from "./row.ts";

/** A node of the cluster; `address` as the cluster says. */
export interface Member {
  readonly name: string;
  readonly online: boolean;
  readonly address?: string;
}

/** Nodes and quorum. What this token may not see is said, and isn't a fault. */
export async function checkNodes(client: PveClient): Promise<{ findings: Finding[]; members: Member[] }> {
  const [{ data: nodes }, status] = await Promise.all([
    client.request({ endpoint: "GET /nodes", values: {} }),
    client.request({ endpoint: "GET /cluster/status", values: {} }).then(
      ({ data }) => rowsOf(data),
      (error: unknown) => {
        if (error instanceof PveError) return undefined;
        throw error;
      },
    ),
  ]);
  const members = rowsOf(nodes).map((row): Member => {
    const name = String(row.node ?? "");
    const address = status?.find((one) => one.type === "node" && one.name === name)?.ip;
    return { name, online: row.status === "online", ...(typeof address === "string" && { address }) };
  });
  return { findings: [nodesFinding(members), quorumFinding(status)], members };
}

function nodesFinding(members: readonly Member[]): Finding {
  const off = members.filter(({ online }) => !online).map(({ name }) => name);
  const count = members.length === 1 ? "1 node" : `${members.length} nodes`;
  if (members.length === 0) return failed("nodes", "the token sees no node", "Give it the role below.");
  if (off.length === 0) return ok("nodes", `${count}, all online: ${members.map(({ name }) => name).join(", ")}`);
  const todo =
    "Bring them back, or take it that their guests can't be reached; `pvecm status` on a node shows the cluster.";
  return warning("nodes", `${count}, offline: ${off.join(", ")}`, todo);
}

function quorumFinding(status: readonly Readonly<Record<string, unknown>>[] | undefined): Finding {
  if (status === undefined) return ok("quorum", "not seen by this token (Sys.Audit on /)");
  const cluster = status.find(({ type }) => type === "cluster");
  if (cluster === undefined) return ok("quorum", "a single node needs none");
  if (Number(cluster.quorate) === 1) return ok("quorum", `cluster ${String(cluster.name)} has it`);
  const todo = "Bring more than half of the nodes back: until then PVE refuses every change.";
  return failed("quorum", `cluster ${String(cluster.name)} has lost it`, todo);
}
