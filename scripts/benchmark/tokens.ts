// Owns the counting of what a listing costs a model: tokens of o200k for name, description and inputSchema.

import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import type { Tool } from "./session.ts";

export function tokens(tools: readonly Tool[]): { name: string; count: number }[] {
  return tools.map(({ name, description, inputSchema }) => ({
    name,
    count: countTokens(JSON.stringify({ name, description, inputSchema })),
  }));
}
