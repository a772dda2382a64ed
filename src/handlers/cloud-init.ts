// Owns what is shown of cloud-init's settings and data, and that an image is only made where there is a drive for it.
import type { Ground, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { masked } from "./user-data.ts";

export const settings = "GET /nodes/{node}/qemu/{vmid}/cloudinit";

/** What the image holds and what it doesn't yet; keys of SSH as they were given (facts 19). */
function rowsOf(data: unknown) {
  const all = Array.isArray(data) ? data.filter(isRow) : [];
  return all
    .map(({ key, value, pending, delete: removal }) => ({
      key,
      value: readable(key, value),
      pending: readable(key, pending),
      ...(Number(removal ?? 0) > 0 ? { removed: true } : {}),
    }))
    .sort((one, other) => String(one.key).localeCompare(String(other.key), "en", { numeric: true }));
}

function readable(key: unknown, value: unknown): unknown {
  if (key !== "sshkeys" || typeof value !== "string") return value;
  try {
    return decodeURIComponent(value).trim();
  } catch {
    return value;
  }
}

export const current: Present = (data) => {
  const rows = rowsOf(data);
  const waiting = rows.filter(({ pending, removed }) => pending !== undefined || removed);
  const which = waiting.map(({ key }) => key).join(", ");
  const note = `The image doesn't have these yet: ${which}. action=regenerate writes them into it.`;
  return { rows, ...(waiting.length > 0 ? { notes: [note] } : {}) };
};

export const dumped: Present = (data, { elevated, values }) => {
  const lines = String(data).trimEnd().split("\n");
  if (elevated) return { lines };
  const shown = masked(lines, String(values.type));
  const differs = shown.some((line, place) => line !== lines[place]);
  const note = "Passwords, keys and what else may be secret are masked: they need PROXMOX_ALLOW_ELEVATED=true.";
  return { lines: shown, ...(differs ? { notes: [note] } : {}) };
};

/** PVE answers alike when there is nothing to write the image to. */
export async function withDrive(ground: Ground) {
  const { node = "", vmid = 0 } = ground.values;
  const { data } = await ground.read("GET /nodes/{node}/qemu/{vmid}/config", { node, vmid, current: true });
  const drives = Object.values(isRow(data) ? data : {}).filter((text) => /^[^,]*cloudinit/.test(String(text)));
  if (drives.length > 0) return {};
  throw new Refusal(
    `VM ${vmid} has no cloud-init drive: proxmox_guest_config_update with config={"ide2":"STORAGE:cloudinit"} adds one`,
  );
}

export const regenerated: Present = async (_, { read: ask, values: { node, vmid } }) => {
  const { data } = await ask(settings, { node: node ?? "", vmid: vmid ?? 0 });
  return { rows: rowsOf(data) };
};
