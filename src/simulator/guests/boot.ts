// What PVE adds to a new VM: boot order, smbios1, vmgenid, meta (facts 41); and tags in their order.
import type { Cluster } from "../engine/cluster.ts";
import type { Values } from "../engine/guest-config.ts";
import { isNet, isQemuDisk } from "./options.ts";

const diskOrder = ["ide", "sata", "scsi", "virtio"];

/** The first disk, the first CD-ROM, the first NIC. */
export function defaultBoot(values: Values): string {
  const bootable = diskOrder.flatMap((bus) =>
    Object.keys(values)
      .filter((name) => isQemuDisk(name) && name.startsWith(bus))
      .sort((a, b) => Number(a.slice(bus.length)) - Number(b.slice(bus.length))),
  );
  const isCd = (name: string) => values[name]?.includes("media=cdrom") === true;
  const disk = bootable.find((name) => !isCd(name));
  const cdrom = bootable.find((name) => isCd(name) && !values[name]?.includes("cloudinit"));
  const net = Object.keys(values).filter(isNet).sort()[0];
  return `order=${[disk, cdrom, net].filter((name) => name !== undefined).join(";")}`;
}

export function completeNewVm(cluster: Cluster, values: Values): Values {
  return {
    ...values,
    ...(values.boot === undefined ? { boot: defaultBoot(values) } : {}),
    ...(values.smbios1 === undefined ? { smbios1: `uuid=${cluster.random.uuid()}` } : {}),
    vmgenid: values.vmgenid === undefined || values.vmgenid === "1" ? cluster.random.uuid() : values.vmgenid,
    meta: `creation-qemu=10.2.2,ctime=${cluster.seconds()}`,
  };
}

/** Tags come back sorted and with semicolons: "prod,db" → "db;prod". */
export function sortedTags(text: string): string {
  const tags = text.split(/[,;\s]+/).filter((tag) => tag !== "");
  return [...new Set(tags.map((tag) => tag.toLowerCase()))].sort().join(";");
}
