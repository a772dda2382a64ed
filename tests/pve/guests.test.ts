import { describe, expect, test } from "bun:test";
import { createGuests } from "../../src/pve/guests.ts";
import { createStandIn, data, failure, refusal } from "./stand-in.ts";

const guest = (vmid: number, name: string | undefined, node: string, more: object = {}) => ({
  id: `qemu/${vmid}`,
  vmid,
  ...(name !== undefined && { name }),
  node,
  type: "qemu",
  status: "running",
  template: 0,
  ...more,
});

const few = () => [
  guest(100, "web-01", "pve1"),
  guest(101, "web-02", "pve2", { status: "stopped" }),
  guest(102, "twin", "pve1"),
  guest(103, "twin", "pve2", { type: "lxc" }),
  guest(104, "100", "pve1"),
  guest(105, "3000", "pve1", { template: 1 }),
  guest(106, undefined, "pve2", { status: "unknown" }),
];

function cluster({ guests = few, offline = [] as string[] } = {}) {
  const nodes = () =>
    ["pve2", "pve1", "pve3"].map((node) => {
      return { type: "node", id: `node/${node}`, node, status: offline.includes(node) ? "offline" : "online" };
    });
  const pve = createStandIn(({ path }) => data(path === "/nodes" ? nodes() : [...guests(), ...nodes()]));
  return { ...pve, guests: createGuests(pve.client, pve.clock) };
}
const listings = (calls: string[]) => calls.filter((call) => call === "GET /cluster/resources").length;

describe("a guest", () => {
  test("is found by its number, as a number or as text", async () => {
    const { guests } = cluster();
    const found = {
      vmid: 100,
      name: "web-01",
      node: "pve1",
      type: "qemu",
      status: "running",
      template: false,
    } as const;
    expect(await guests.find(100, {})).toEqual(found);
    expect(await guests.find(" 100 ", {})).toEqual(found);
  });

  test("is found by its name; another case will do where no name is exact", async () => {
    const { guests } = cluster();
    expect((await guests.find("web-02", {})).vmid).toBe(101);
    expect((await guests.find("WEB-02", {})).vmid).toBe(101);
  });

  test("whose name is a number is found by it, but a vmid wins", async () => {
    const { guests } = cluster();
    expect((await guests.find("3000", {})).vmid).toBe(105);
    expect((await guests.find("100", {})).vmid).toBe(100);
  });

  test("without a name is found by its number", async () => {
    expect(await cluster().guests.find(106, {})).toEqual({
      vmid: 106,
      node: "pve2",
      type: "qemu",
      status: "unknown",
      template: false,
    });
  });

  test("with a name that two have is a conflict that lists them", async () => {
    const error = await failure(cluster().guests.find("twin", {}));
    expect(error.kind).toBe("conflict");
    expect(error.sentence).toContain("102 twin (qemu on pve1, running)");
    expect(error.sentence).toContain("103 twin (lxc on pve2, running)");
  });

  test("with a name that two have is found with a hint", async () => {
    const { guests } = cluster();
    expect((await guests.find("twin", { type: "lxc" })).vmid).toBe(103);
    expect((await guests.find("twin", { node: "pve1" })).vmid).toBe(102);
  });

  test("that is elsewhere than the hint says isn't taken: the error says where it is", async () => {
    const error = await failure(cluster().guests.find(100, { node: "pve2", type: "qemu" }));
    expect(error.kind).toBe("missing");
    expect(error.sentence).toBe("No guest 100 of type qemu on node pve2; there is 100 web-01 (qemu on pve1, running).");
  });

  test("that isn't there is missing, and near names are shown", async () => {
    const error = await failure(cluster().guests.find("web01", {}));
    expect(error.kind).toBe("missing");
    expect(error.sentence).toContain("no guest web01");
    expect(error.sentence).toContain("100 web-01");
    expect((await failure(cluster().guests.find(999, {}))).sentence).toBe("There is no guest 999.");
  });

  test("on a node that is offline is an error that says so, whatever the guest's own state (facts 47)", async () => {
    const { guests } = cluster({ offline: ["pve2"] });
    const error = await failure(guests.find("web-02", {}));
    expect(error.kind).toBe("node-down");
    expect(error.sentence).toBe("Guest 101 (web-02) is on node pve2, which is offline.");
    expect((await guests.find("web-01", {})).vmid).toBe(100);
  });
});

describe("the list of guests", () => {
  test("is one request, which tells the nodes' state as well", async () => {
    const { guests, calls } = cluster();
    await guests.find(100, {});
    expect(calls()).toEqual(["GET /cluster/resources"]);
  });

  test("is used again for five seconds, and no longer", async () => {
    const { guests, clock, calls } = cluster();
    await guests.find(100, {});
    clock.move(4_999);
    await guests.find("web-02", {});
    expect(listings(calls())).toBe(1);
    clock.move(1);
    await guests.find(100, {});
    expect(listings(calls())).toBe(2);
  });

  test("is shared by calls at once", async () => {
    const { guests, calls } = cluster();
    await Promise.all(
      [100, 101, "web-01", "twin"].map((ref) => guests.find(ref, { node: ref === 101 ? "pve2" : "pve1" })),
    );
    expect(listings(calls())).toBe(1);
  });

  test("is read again after forget()", async () => {
    const { guests, calls } = cluster();
    await guests.find(100, {});
    guests.forget();
    await guests.find(100, {});
    expect(listings(calls())).toBe(2);
  });

  test("is read again once before a guest is said to be missing", async () => {
    const there = few();
    const { guests, calls } = cluster({ guests: () => [...there] });
    await guests.find(100, {});
    there.push(guest(200, "new", "pve1"));
    expect((await guests.find("new", {})).vmid).toBe(200);
    await failure(guests.find("never", {}));
    expect(listings(calls())).toBe(3);
  });

  test("is read once for all calls at once that miss a guest", async () => {
    const { guests, calls } = cluster();
    await guests.find(100, {});
    await Promise.all([901, 902, 903, 904].map((vmid) => failure(guests.find(vmid, {}))));
    expect(listings(calls())).toBe(2);
  });

  test("that could not be read isn't kept", async () => {
    let fail = true;
    const pve = createStandIn(() => (fail ? refusal(500, "no") : data(few())));
    const guests = createGuests(pve.client, pve.clock);
    expect((await failure(guests.find(100, {}))).kind).toBe("refused");
    fail = false;
    expect((await guests.find(100, {})).vmid).toBe(100);
  });

  test("goes on being read for the others when one call is cancelled", async () => {
    const { guests, calls } = cluster();
    const controller = new AbortController();
    const first = failure(guests.find(100, {}, { signal: controller.signal }));
    const second = guests.find(101, {});
    controller.abort();
    expect((await first).kind).toBe("cancelled");
    expect((await second).vmid).toBe(101);
    expect(listings(calls())).toBe(1);
  });
});

test("the nodes are all of them, offline ones too, in order", async () => {
  expect(await cluster({ offline: ["pve3"] }).guests.nodes()).toEqual(["pve1", "pve2", "pve3"]);
});
