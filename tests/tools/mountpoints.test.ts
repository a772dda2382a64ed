// Mount points of containers: added with their path, detached and destroyed told apart.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

const path = "/nodes/pve1/lxc/103/config";
/** A stopped container. */
const stopped = "/nodes/pve1/lxc/120/config";
const volumes = async ({ ask }: ReturnType<typeof demo>) =>
  JSON.stringify(await ask("GET", "/nodes/pve1/storage/local-lvm/content"));

describe("a mount point", () => {
  test("is added with its path, in the unit in which it was asked", async () => {
    const { call, record } = demo();
    const given = {
      action: "add",
      vmid: 103,
      mp: "mp1",
      path: "/srv",
      size: "512M",
      storage: "local-lvm",
      backup: true,
    };
    const answer = await call("lxc_mountpoint", given);
    expect(answer.outcome).toBe("ok");
    expect((await record(path)).mp1).toMatch(/^local-lvm:vm-103-disk-\d,backup=1,mp=\/srv,size=512M$/);
    expect(answer.changes).toEqual([{ key: "mp1", old: undefined, new: (await record(path)).mp1 }]);
  });

  test("takes the first free slot and the storage for containers when none is named", async () => {
    const { call, record } = demo();
    expect((await call("lxc_mountpoint", { action: "add", vmid: 103, path: "/srv", size: 2 })).outcome).toBe("ok");
    expect(
      Object.values(await record(path)).filter((text) => /^local-lvm:.*mp=\/srv,size=2G/.test(String(text))),
    ).toHaveLength(1);
  });

  test("can hold a volume that exists", async () => {
    const { call, record } = demo();
    await call("lxc_mountpoint", { action: "add", vmid: 120, mp: "mp0", path: "/a", size: 1 });
    await call("lxc_mountpoint", { action: "remove", vmid: 120, mp: "mp0" });
    const volume = String((await record(stopped)).unused0);
    await call("lxc_mountpoint", { action: "add", vmid: 120, mp: "mp3", path: "/b", volume });
    expect(await record(stopped)).toMatchObject({ mp3: expect.stringContaining(`${volume},mp=/b`) });
    expect(await record(stopped)).not.toHaveProperty("unused0");
  });

  test.each([
    ["no path", { mp: "mp1", size: 1 }, "path is missing"],
    [
      "a path as its slot",
      { mp: "/srv", path: "/srv", size: 1 },
      "the path inside the container is an argument of its own",
    ],
    ["neither size nor volume", { path: "/srv" }, "give either size, for a new volume, or volume"],
  ])("with %s is refused before anything is sent", async (_, given, why) => {
    const { call, changes } = demo();
    const answer = await call("lxc_mountpoint", { action: "add", vmid: 103, ...given });
    expect(answer.reason?.join()).toContain(why);
    expect(changes).toEqual([]);
  });

  test("that is removed is detached and not deleted: its volume stays as unused0", async () => {
    const all = demo();
    await all.call("lxc_mountpoint", { action: "add", vmid: 120, mp: "mp0", path: "/srv", size: 1 });
    const answer = await all.call("lxc_mountpoint", { action: "remove", vmid: 120, mp: "mp0" });
    expect(answer.notes?.[0]).toContain("The volume still exists as unused0");
    const { unused0 } = await all.record(stopped);
    expect(await volumes(all)).toContain(String(unused0));
    const again = await all.call("lxc_mountpoint", { action: "remove", vmid: 120, mp: "unused0" });
    expect(again.reason?.[0]).toContain("is detached already: action=destroy");
  });

  test.each(["mp0", "unused0"])("that is destroyed as %s has no volume any more", async (mp) => {
    const all = demo();
    await all.call("lxc_mountpoint", { action: "add", vmid: 120, mp: "mp0", path: "/srv", size: 1 });
    const volume = String((await all.record(stopped)).mp0).split(",")[0] ?? "";
    if (mp === "unused0") await all.call("lxc_mountpoint", { action: "remove", vmid: 120, mp: "mp0" });
    const answer = await all.call("lxc_mountpoint", { action: "destroy", vmid: 120, mp });
    expect(answer).toMatchObject({ outcome: "ok", notes: ["Its volume was deleted."] });
    expect(await volumes(all)).not.toContain(volume);
    expect(await all.record(stopped)).not.toHaveProperty("unused0");
  });

  test.each(["remove", "destroy"])("that a running container holds is told as pending after %s", async (action) => {
    const { call, record } = demo();
    await call("lxc_mountpoint", { action: "add", vmid: 103, mp: "mp5", path: "/srv", size: 1 });
    const answer = await call("lxc_mountpoint", { action, vmid: 103, mp: "mp5" });
    expect(answer.summary).toBe("The removal of mp5 is pending");
    expect(await record(path)).toHaveProperty("mp5");
  });
});
