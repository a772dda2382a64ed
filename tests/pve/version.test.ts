import { describe, expect, test } from "bun:test";
import type { PveRequest } from "../../src/pve/client.ts";
import { createStandIn, data, failure, refusal } from "./stand-in.ts";

const rules: PveRequest = { endpoint: "GET /cluster/ha/rules", values: {} };

/** A PVE of that version, which has nothing but its version. */
const pveOf = (version: string) =>
  createStandIn(({ method, path }) =>
    path === "/version"
      ? data({ version, release: version.slice(0, 3), repoid: "x" })
      : refusal(501, `Method '${method} ${path}' not implemented`),
  );

describe("an operation that this PVE doesn't have", () => {
  test("says since when it exists and what to use instead", async () => {
    const error = await failure(pveOf("8.4.1").client.request(rules));
    expect([error.kind, error.status]).toEqual(["unsupported", 501]);
    expect(error.sentence).toBe("Method 'GET /cluster/ha/rules' not implemented");
    expect(error.next).toContain("This PVE is 8.4.1");
    expect(error.next).toContain("since PVE 9.1");
    expect(error.next).toContain("use HA groups");
  });

  test("has /version asked once, however often it is needed", async () => {
    const pve = pveOf("8.4.1");
    await Promise.all([failure(pve.client.request(rules)), failure(pve.client.request(rules))]);
    await failure(pve.client.request(rules));
    expect(pve.calls().filter((call) => call === "GET /version").length).toBe(1);
  });

  test("isn't blamed on a PVE that has it: then a value in the path is wrong", async () => {
    const error = await failure(pveOf("9.2.3").client.request(rules));
    expect(error.next).toContain("a value in the path");
  });

  test("that every version has needs no version", async () => {
    const pve = pveOf("8.4.1");
    await failure(pve.client.request({ endpoint: "GET /nodes/{node}/dns", values: { node: "pve1" } }));
    expect(pve.calls()).toEqual(["GET /nodes/pve1/dns"]);
  });

  test("keeps PVE's word where the version can't be read", async () => {
    const pve = createStandIn(() => refusal(501, "Method 'GET /cluster/ha/rules' not implemented"));
    expect((await failure(pve.client.request(rules))).sentence).toContain("not implemented");
  });
});

test("a parameter that this PVE doesn't have says since when it exists", async () => {
  const unknown = "property is not defined in schema and the schema does not allow additional properties";
  const pve = createStandIn(({ path }) =>
    path === "/version"
      ? data({ version: "8.4.1" })
      : refusal(400, "Parameter verification failed.", { failback: unknown }),
  );
  const values = { sid: "vm:100", failback: 1 };
  const error = await failure(pve.client.request({ endpoint: "POST /cluster/ha/resources", values }));
  expect(error.next).toBe("This PVE is 8.4.1: failback exists since 9.1; leave it out, or update PVE.");
});

test("nothing asks for the version before it is needed", async () => {
  const pve = createStandIn(() => data([]));
  await pve.client.request(rules);
  expect(pve.calls()).toEqual(["GET /cluster/ha/rules"]);
});
