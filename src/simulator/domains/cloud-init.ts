// /nodes/{node}/qemu/{vmid}/cloudinit: what changed since the image was made, the image made anew, its content.
import { guestLock } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import { futureValues } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { cloudInitOption, metaData, networkData, userData } from "../guests/cloud-init.ts";
import { guestOf } from "./guest-config.ts";

const hidden = (name: string, value: string) => (name === "cipassword" ? "**********" : value);

/** Options as the image has them against the config of now; nothing for a VM that doesn't run. */
function changes(call: Call): unknown {
  const guest = guestOf(call, "qemu");
  const before = guest.cloudInit ?? guest.config.values;
  const now = futureValues(guest.config);
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) =>
    cloudInitOption.test(name),
  );
  return names.sort().flatMap((name) => {
    const [old, next] = [before[name], now[name]];
    if (old === next) return [];
    return [
      {
        key: name,
        ...(old === undefined ? {} : { old: hidden(name, old) }),
        ...(next === undefined ? { delete: 1 } : { new: hidden(name, next) }),
      },
    ];
  });
}

async function renew(call: Call): Promise<null> {
  const guest = guestOf(call, "qemu");
  return call.cluster.underLock(guestLock("qemu", guest.vmid), () => {
    const drive = Object.values(guest.config.values).find(
      (value) => /cloudinit/.test(value) && value.includes("media=cdrom"),
    );
    if (drive !== undefined) guest.cloudInit = { ...futureValues(guest.config) };
    return null;
  });
}

function dump(call: Call): string {
  const guest = guestOf(call, "qemu");
  const node = call.cluster.node(call.node);
  const type = call.params.need("type");
  if (type === "user") return userData(guest);
  if (type === "network") return networkData(guest, node);
  if (type === "meta") return metaData(guest, node);
  throw failure(`unknown cloud-init data '${type}'`);
}

export const cloudInit: Handlers = {
  "GET /nodes/{node}/qemu/{vmid}/cloudinit": changes,
  "PUT /nodes/{node}/qemu/{vmid}/cloudinit": renew,
  "GET /nodes/{node}/qemu/{vmid}/cloudinit/dump": dump,
};
