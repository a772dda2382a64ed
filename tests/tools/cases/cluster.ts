// Owns what the tests of requests have to know of the cluster, its jobs, HA, certificates and notifications.
import type { Cases } from "./cases.ts";

export const cases: Cases = {};
