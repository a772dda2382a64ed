// Notifications: where PVE sends them.
import type { Tool } from "../toolkit/tool.ts";

export const notificationTools: readonly Tool[] = [];
