// Certificates by ACME: orders, accounts, plugins.
import type { Tool } from "../toolkit/tool.ts";

export const acmeTools: readonly Tool[] = [];
