import { describe, expect, test } from "bun:test";
import { createClient } from "../../src/pve/client.ts";
import { createDoors } from "../../src/pve/doors.ts";
import { PveError } from "../../src/pve/errors.ts";
import { createJumpingClock, data, failure } from "./stand-in.ts";

const read = { endpoint: "GET /version", values: {} } as const;
const write = { endpoint: "POST /nodes/{node}/startall", values: { node: "pve1", vms: "100" } } as const;
const closed = () =>
  new PveError({ kind: "unreachable", sentence: "nothing listens there", next: "Check.", sent: false });
const broken = () => new PveError({ kind: "unreachable", sentence: "it broke", next: "Check.", sent: true });
const untrusted = () => new PveError({ kind: "tls", sentence: "not accepted", next: "Pin it.", sent: false });

/** Three doors whose faults can be set. */
function cluster() {
  const clock = createJumpingClock();
  const faults: Record<string, (() => Error) | undefined> = {};
  const knocked: string[] = [];
  const bodies: string[] = [];
  const doors = ["a", "b", "c"].map((name) => ({
    base: `https://${name}:8006`,
    fetch: async (request: Request) => {
      knocked.push(new URL(request.url).hostname);
      bodies.push(await request.text());
      const fault = faults[name]?.();
      if (fault) throw fault;
      return data(name);
    },
  }));
  const fetch = createDoors(doors, clock);
  const retries = { attempts: 1, milliseconds: 0 };
  const client = createClient({
    fetch,
    base: "https://a:8006",
    authorization: "PVEAPIToken=a@pve!b=secret-secret",
    clock,
    retries,
  });
  return { client, clock, faults, knocked, bodies };
}

describe("of several doors", () => {
  test("the first is asked as long as it answers", async () => {
    const { client, knocked } = cluster();
    for (let count = 0; count < 3; count++) expect((await client.request(read)).data).toBe("a");
    expect(knocked).toEqual(["a", "a", "a"]);
  });

  test("one that doesn't answer is passed over, at once and for a while", async () => {
    const { client, faults, knocked } = cluster();
    faults.a = closed;
    expect((await client.request(read)).data).toBe("b");
    expect((await client.request(read)).data).toBe("b");
    expect(knocked).toEqual(["a", "b", "b"]);
  });

  test("one that didn't answer lately is the last to be tried", async () => {
    const { client, faults, knocked } = cluster();
    faults.a = closed;
    await client.request(read);
    faults.b = closed;
    expect((await client.request(read)).data).toBe("c");
    expect(knocked).toEqual(["a", "b", "b", "c"]);
  });

  test("one that didn't answer is asked again later, when the one in use fails", async () => {
    const { client, faults, clock } = cluster();
    faults.a = closed;
    await client.request(read);
    faults.a = undefined;
    faults.b = closed;
    faults.c = closed;
    clock.move(30_001);
    expect((await client.request(read)).data).toBe("a");
  });

  test("even one that is passed over is asked before all is given up", async () => {
    const { client, faults } = cluster();
    faults.a = closed;
    await client.request(read);
    faults.a = undefined;
    faults.b = closed;
    faults.c = closed;
    expect((await client.request(read)).data).toBe("a");
  });

  test("a read goes on after a connection that broke", async () => {
    const { client, faults } = cluster();
    faults.a = broken;
    expect((await client.request(read)).data).toBe("b");
  });

  test("a write goes on when nothing was sent, with its whole body", async () => {
    const { client, faults, bodies } = cluster();
    faults.a = closed;
    expect((await client.request(write)).data).toBe("b");
    expect(bodies).toEqual(["vms=100", "vms=100"]);
  });

  test("a write that may have arrived goes to no other door", async () => {
    const { client, faults, knocked } = cluster();
    faults.a = broken;
    expect((await failure(client.request(write))).kind).toBe("unknown-fate");
    expect(knocked).toEqual(["a"]);
  });

  test("one whose certificate is refused is no silence: the error is shown", async () => {
    const { client, faults, knocked } = cluster();
    faults.a = untrusted;
    expect((await failure(client.request(read))).kind).toBe("tls");
    expect(knocked).toEqual(["a"]);
  });

  test("none that answers is an error with what each of them said", async () => {
    const { client, faults } = cluster();
    faults.a = closed;
    faults.b = closed;
    faults.c = closed;
    const error = await failure(client.request(write));
    expect([error.kind, error.sent]).toEqual(["unreachable", false]);
    expect(error.sentence.split("\n")).toEqual([
      "No node of the cluster answers.",
      ...Array(3).fill("nothing listens there"),
    ]);
  });
});
