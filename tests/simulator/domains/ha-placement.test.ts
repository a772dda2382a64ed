// Where the HA manager puts what it keeps: by node affinity and priorities, apart from others, and back again.
import { describe, expect, test } from "bun:test";
import { type Side, side } from "../asking.ts";

const minute = 60_000;

/** VMs 150 and 151 on pve1, their disks on a shared storage, both kept by the manager. */
async function kept(): Promise<Side> {
  const one = side();
  for (const vmid of ["150", "151"]) {
    await one.run("POST", "/nodes/pve1/qemu", { vmid, scsi0: "shared-nfs:4" });
    await one.ask("POST", "/cluster/ha/resources", { sid: `vm:${vmid}` });
  }
  one.pass(minute);
  return one;
}

const places = ({ simulator }: Side) => ["150", "151"].map((vmid) => simulator.state.guests[vmid]?.node);
const rule = (one: Side, given: Record<string, string>) =>
  one.ask("POST", "/cluster/ha/rules", { rule: "rule1", ...given });
const affinity = { type: "node-affinity", resources: "vm:150" };

describe("a managed guest", () => {
  test("goes to the best of its nodes that is online", async () => {
    const one = await kept();
    Object.assign(one.simulator.state.nodes.pve3 ?? {}, { online: false });
    await rule(one, { ...affinity, nodes: "pve3:9,pve2:2,pve1:1" });
    one.pass(minute);
    await one.ask("GET", "/version");
    expect(places(one)).toEqual(["pve2", "pve1"]);
  });

  test("stays where it may be without failback, and comes back with it", async () => {
    const one = await kept();
    await one.ask("PUT", "/cluster/ha/resources/vm:150", { failback: "0" });
    await rule(one, { ...affinity, nodes: "pve2:2,pve1:1" });
    one.pass(minute);
    await one.ask("GET", "/version");
    expect(places(one)[0]).toBe("pve1");
    await one.ask("PUT", "/cluster/ha/resources/vm:150", { failback: "1" });
    one.pass(minute);
    await one.ask("GET", "/version");
    expect(places(one)[0]).toBe("pve2");
  });

  test("leaves one that it is to be apart from", async () => {
    const one = await kept();
    await rule(one, { type: "resource-affinity", affinity: "negative", resources: "vm:150,vm:151" });
    one.pass(minute);
    await one.ask("GET", "/version");
    expect(new Set(places(one)).size).toBe(2);
  });

  test("leaves its rules when it is deleted, and a rule of its own goes with it", async () => {
    const one = await kept();
    await rule(one, { ...affinity, nodes: "pve1", resources: "vm:150,vm:151" });
    await one.ask("DELETE", "/cluster/ha/resources/vm:151");
    expect((await one.ask("GET", "/cluster/ha/rules/rule1")).data).toMatchObject({ resources: "vm:150" });
    await one.ask("DELETE", "/cluster/ha/resources/vm:150");
    expect((await one.ask("GET", "/cluster/ha/rules")).data).toEqual([]);
  });

  test("is what it is on the way to in every list", async () => {
    const one = await kept();
    await one.ask("PUT", "/cluster/ha/resources/vm:150", { state: "disabled" });
    const states = async () => {
      const { text } = await one.ask("GET", "/cluster/ha/status/current");
      return /"status":"vm:150 \(pve1, (\w+)\)"/.exec(text)?.[1];
    };
    expect(await states()).toBe("request_stop");
    one.pass(minute);
    expect(await states()).toBe("disabled");
    const { text } = await one.ask("GET", "/cluster/resources", { type: "vm" });
    expect(text).toContain('"hastate":"stopped"');
  });
});

describe("what belongs to the cluster", () => {
  test("gives ids from its own range", async () => {
    const { ask } = side();
    await ask("PUT", "/cluster/options", { "next-id": "lower=500,upper=600" });
    expect((await ask("GET", "/cluster/nextid")).data).toBe("500");
    expect((await ask("GET", "/cluster/options")).data).toMatchObject({ "next-id": { lower: "500", upper: "600" } });
  });

  test("is corosync's alone to make, and root@pam's", async () => {
    const { ask } = side();
    expect((await ask("POST", "/cluster/config", { clustername: "x1" })).status).toBe(403);
    expect((await ask("DELETE", "/cluster/config/nodes/pve2")).message).toBe(
      "Permission check failed (user != root@pam)\n",
    );
  });
});
