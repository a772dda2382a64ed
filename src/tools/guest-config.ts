// Owns the reading of a guest's configuration on the way to a change of it.
import type { Ground } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

/** What GET …/config says: the values as text, and the digest that a change carries so that it meets the same state. */
export interface GuestConfig {
  readonly values: Readonly<Record<string, string>>;
  readonly digest: { readonly digest?: string };
}

/** The configuration of the guest at hand, pending changes included (GET /nodes/{node}/{type}/{vmid}/config). */
export async function configOf({ guest, values, endpoint, read }: Ground): Promise<GuestConfig> {
  const type = guest?.type ?? (endpoint.path.includes("/lxc") ? "lxc" : "qemu");
  const path = { node: values.node ?? "", vmid: values.vmid ?? 0 };
  const { data } = await read(`GET /nodes/{node}/${type}/{vmid}/config`, path);
  const config = isRow(data) ? data : {};
  const digest = typeof config.digest === "string" ? { digest: config.digest } : {};
  const text = Object.entries(config).filter(([, value]) => typeof value === "string" || typeof value === "number");
  return { values: Object.fromEntries(text.map(([key, value]) => [key, String(value)])), digest };
}
