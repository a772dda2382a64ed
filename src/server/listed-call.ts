// Owns whether a call can be made with the tools that a session lists: the tool is there, and so is the action.
import type { ListedTool } from "../toolkit/listing.ts";

export interface Named {
  readonly tool: string;
  readonly given: Readonly<Record<string, string>>;
}

export function isCallListed({ tool, given: { action } }: Named, listing: readonly ListedTool[]): boolean {
  const listed = listing.find(({ name }) => name === tool);
  const actions = listed?.inputSchema.properties.action?.enum;
  return listed !== undefined && (action === undefined || actions === undefined || actions.includes(action));
}
