// Owns what a tool is: a name, a title, and a table of actions.
import type { Operation } from "./operation.ts";

export interface Tool {
  /** The seed's name, `proxmox_…`. */
  readonly name: string;
  /** MCP's display name: the description up to its colon. */
  readonly title: string;
  /** What it is for, in a few words; the signature lines follow it in the listing. */
  readonly description: string;
  /** Whether calls choose an action; a tool of one operation has no argument for it. */
  readonly hasActions: boolean;
  /** The argument that chooses it: `action`, or another name that the seed has for it. `action` is always taken. */
  readonly chooser: string;
  /** Action → operation. A tool of one operation has it under the empty name. */
  readonly operations: ReadonlyMap<string, Operation>;
}

/** A tool is either one operation or a table of actions. */
export function tool(
  name: string,
  description: string,
  operations: Operation | Readonly<Record<string, Operation>>,
  chooser = "action",
): Tool {
  const [title = name] = description.split(":");
  const said = { name, title, description, chooser };
  return isOperation(operations)
    ? { ...said, hasActions: false, operations: new Map([["", operations]]) }
    : { ...said, hasActions: true, operations: new Map(Object.entries(operations)) };
}

function isOperation(operations: Operation | Readonly<Record<string, Operation>>): operations is Operation {
  return typeof operations.kind === "string";
}
