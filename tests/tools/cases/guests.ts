// Owns what the tests of requests have to know of guests' lives.
import type { Cases } from "./cases.ts";

export const cases: Cases = {};
