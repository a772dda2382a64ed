// Consoles of guests.
import type { Tool } from "../toolkit/tool.ts";

export const consoleTools: readonly Tool[] = [];
