// Owns what the tests of requests have to know of nodes.
import type { Cases } from "./cases.ts";

export const cases: Cases = {};
