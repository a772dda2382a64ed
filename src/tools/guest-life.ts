// Cloning, migrating and deleting guests, and making templates of them.
import type { Tool } from "../toolkit/tool.ts";

export const guestLifeTools: readonly Tool[] = [];
