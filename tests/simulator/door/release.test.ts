import { describe, expect, test } from "bun:test";
import type { Version } from "../../../src/schema/registry.ts";
import { record, rows, side } from "../asking.ts";

const under = (pve: Version) => side({ pve });
const unknown = "property is not defined in schema and the schema does not allow additional properties";

describe("an older release", () => {
  test.each(["8.4", "9.1", "9.2"] as const)("%s says so", async (pve) => {
    const { ask } = under(pve);
    expect(record((await ask("GET", "/version")).data)).toMatchObject({ release: pve });
    const { pveversion } = record((await ask("GET", "/nodes/pve1/status")).data);
    expect(pveversion).toStartWith(`pve-manager/${pve}.`);
  });

  test("refuses an endpoint that came later with 501, as it does one that never was", async () => {
    const old = await under("8.4").ask("GET", "/cluster/ha/rules");
    expect(old).toMatchObject({ status: 501, message: "Method 'GET /cluster/ha/rules' not implemented" });
    expect((await under("9.1").ask("GET", "/cluster/ha/rules")).data).toEqual([]);
  });

  test("refuses a parameter that came later with 400, by the text for unknown ones", async () => {
    const given = { vmid: "500", "intel-tdx": "type=tdx,attestation=0" };
    const old = await under("8.4").ask("POST", "/nodes/pve1/qemu", given);
    expect(old).toMatchObject({ status: 400, errors: { "intel-tdx": unknown } });
    expect((await under("9.2").ask("POST", "/nodes/pve1/qemu", given)).errors).toEqual({});
  });
});

describe("HA placement", () => {
  test("is by groups in 8.4: made, changed, read, deleted", async () => {
    const { ask } = under("8.4");
    await ask("POST", "/cluster/ha/groups", { group: "prefer-1", nodes: "pve1:2,pve2:1", restricted: "1" });
    await ask("PUT", "/cluster/ha/groups/prefer-1", { comment: "fast disks", delete: "restricted" });
    const group = record((await ask("GET", "/cluster/ha/groups/prefer-1")).data);
    expect(group).toMatchObject({ group: "prefer-1", nodes: "pve1:2,pve2:1", comment: "fast disks", type: "group" });
    expect(group).not.toHaveProperty("restricted");
    expect((await ask("PUT", "/cluster/ha/groups/prefer-1", { comment: "x", digest: "0" })).status).toBe(500);
    expect((await ask("POST", "/cluster/ha/groups", { group: "prefer-1", nodes: "pve1" })).status).toBe(500);
    await ask("DELETE", "/cluster/ha/groups/prefer-1");
    expect((await ask("GET", "/cluster/ha/groups")).data).toEqual([]);
    expect((await ask("GET", "/cluster/ha/groups/prefer-1")).message).toBe("no such ha group 'prefer-1'\n");
  });

  test.each(["9.1", "9.2"] as const)("is by rules in %s, which refuses groups", async (pve) => {
    const { ask } = under(pve);
    expect((await ask("GET", "/cluster/ha/groups")).message).toBe(
      "cannot index groups: ha groups have been migrated to rules\n",
    );
    expect((await ask("POST", "/cluster/ha/groups", { group: "g1", nodes: "pve1" })).message).toBe(
      "cannot create group: ha groups have been migrated to rules\n",
    );
    expect((await ask("GET", "/cluster/ha/groups/g1")).message).toBe(
      "cannot read group: ha groups have been migrated to rules\n",
    );
  });

  test("a rule is for managed guests; it is numbered, changed, its missing name told", async () => {
    const { ask, simulator } = under("9.2");
    const rule = { rule: "na1", type: "node-affinity", resources: "vm:100", nodes: "pve2:2,pve3" };
    expect((await ask("POST", "/cluster/ha/rules", rule)).message).toBe(
      "create ha rule failed: cannot use unmanaged resource(s) vm:100.\n",
    );
    simulator.state.ha = { resources: ["vm:100"], groups: {}, rules: {} };
    expect((await ask("POST", "/cluster/ha/rules", rule)).status).toBe(200);
    expect((await ask("POST", "/cluster/ha/rules", rule)).message).toBe(
      "create ha rule failed: HA rule 'na1' already defined\n",
    );
    expect(rows((await ask("GET", "/cluster/ha/rules", { resource: "vm:100" })).data)).toMatchObject([
      { ...rule, order: 1, strict: 0 },
    ]);
    const other = { type: "resource-affinity", affinity: "positive" };
    expect((await ask("PUT", "/cluster/ha/rules/na1", other)).message).toBe(
      "update HA rules failed: unexpected property 'type'\n",
    );
    await ask("PUT", "/cluster/ha/rules/na1", { type: "node-affinity", disable: "1", strict: "1" });
    expect(record((await ask("GET", "/cluster/ha/rules/na1")).data)).toMatchObject({ disable: 1, strict: 1 });
    await ask("DELETE", "/cluster/ha/rules/na1");
    expect((await ask("GET", "/cluster/ha/rules/na1")).message).toBe("no such ha rule 'na1'\n");
  });
});

describe("the guest agent", () => {
  test("asks for VM.Monitor in 8.4, for privileges of its own from 9.0 on", async () => {
    const path = "/nodes/pve1/qemu/100/agent/exec";
    const asked = async (pve: Version) => {
      const { ask, simulator } = under(pve);
      return (await ask("POST", path, { command: "uptime" }, simulator.tokens.operator)).message;
    };
    expect(await asked("8.4")).toBe("Permission check failed (/vms/100, VM.Monitor)\n");
    expect(await asked("9.2")).toBe("Permission check failed (/vms/100, VM.GuestAgent.Unrestricted)\n");
  });

  test("roles have the privileges of their release, and new ones may hold no others", async () => {
    const privileges = async (pve: Version) => record((await under(pve).ask("GET", "/access/roles/PVEVMAdmin")).data);
    expect(await privileges("8.4")).toHaveProperty(["VM.Monitor"]);
    expect(await privileges("8.4")).not.toHaveProperty(["VM.GuestAgent.Audit"]);
    expect(await privileges("9.1")).not.toHaveProperty(["VM.Monitor"]);
    expect(await privileges("9.1")).toHaveProperty(["VM.GuestAgent.Audit"]);
    const make = async (pve: Version, privs: string) =>
      (await under(pve).ask("POST", "/access/roles", { roleid: "mine", privs })).errors;
    expect(await make("8.4", "VM.Monitor,VM.Audit")).toEqual({});
    expect(await make("8.4", "VM.GuestAgent.Audit")).toHaveProperty("privs");
    expect(await make("9.2", "VM.Monitor")).toHaveProperty("privs");
  });
});
