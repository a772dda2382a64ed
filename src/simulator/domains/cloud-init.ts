// /nodes/{node}/qemu/{vmid}/cloudinit: what changed since the image was made, the image made anew, its content.
import { guestLock } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import { futureValues } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { metaData, networkData, settingOption, userData, writeImage } from "../guests/cloud-init.ts";
import { guestOf } from "./guest-config.ts";

const hidden = (name: string, value: string) => (name === "cipassword" ? "**********" : value);

/** Each option as the image has it (`value`), what it is to become (`pending`), or that it is to go. */
function settings(call: Call): unknown {
  const guest = guestOf(call, "qemu");
  const now = futureValues(guest.config);
  const image = guest.cloudInit ?? now;
  const names = Object.keys({ ...image, ...now }).filter((name) => settingOption.test(name));
  return names.sort().map((key) => {
    const [value, next] = [image[key], now[key]];
    if (next === undefined) return { key, delete: 1 };
    return {
      key,
      ...(value === undefined ? {} : { value: hidden(key, value) }),
      ...(next === value ? {} : { pending: hidden(key, next) }),
    };
  });
}

async function renew(call: Call): Promise<null> {
  const guest = guestOf(call, "qemu");
  return call.cluster.underLock(guestLock("qemu", guest.vmid), () => {
    writeImage(guest);
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
  "GET /nodes/{node}/qemu/{vmid}/cloudinit": settings,
  "PUT /nodes/{node}/qemu/{vmid}/cloudinit": renew,
  "GET /nodes/{node}/qemu/{vmid}/cloudinit/dump": dump,
};
