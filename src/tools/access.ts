// Who may do what: users, tokens, groups, roles, the access control list, realms.
import type { Tool } from "../toolkit/tool.ts";

export const accessTools: readonly Tool[] = [];
