// Starting, stopping, pausing and resuming guests.
import type { Tool } from "../toolkit/tool.ts";

export const guestPowerTools: readonly Tool[] = [];
