// Owns what the tests of requests have to know of storage and backups.
import type { Cases } from "./cases.ts";

export const cases: Cases = {};
