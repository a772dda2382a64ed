// The volumes of guests: growing one, moving one to another storage.
import type { Tool } from "../toolkit/tool.ts";

export const volumeTools: readonly Tool[] = [];
