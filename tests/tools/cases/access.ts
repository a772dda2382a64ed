// Owns what the tests of requests have to know of access, pools, Ceph and consoles.
import type { Cases } from "./cases.ts";

export const cases: Cases = {};
