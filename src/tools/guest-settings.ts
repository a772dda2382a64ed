// The configuration of guests: what is in force, what is pending, and changing it.
import type { Tool } from "../toolkit/tool.ts";

export const guestSettingsTools: readonly Tool[] = [];
