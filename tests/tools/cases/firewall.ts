// Owns what the tests of requests have to know of firewalls and SDN.
import type { Cases } from "./cases.ts";

export const cases: Cases = {};
