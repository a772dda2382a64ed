// Holds the promise that no value of a secret, nor of an unknown name, is in a problem.
import { expect, test } from "bun:test";
import { checkArguments } from "../../src/schema/check.ts";
import { sentence } from "../../src/schema/problem.ts";
import { endpoint, endpointKeys } from "../../src/schema/registry.ts";
import { isSecret } from "../../src/schema/secret.ts";

const MARKER = "hunter2-marker";
/** Forms in which a secret may come, each wrong for one definition or the other. */
const FORMS: readonly unknown[] = [
  MARKER,
  `${MARKER}\0`,
  `!! ${MARKER} `.repeat(99),
  { value: MARKER },
  [MARKER, { a: MARKER }],
  [[MARKER]],
];

function saidOf(key: ReturnType<typeof endpointKeys>[number], given: Record<string, unknown>): string {
  const { problems } = checkArguments(endpoint(key), given);
  return problems.map((problem) => `${sentence(problem)} ${JSON.stringify(problem)}`).join("\n");
}

test("a secret's value is in no problem of any endpoint", () => {
  let tried = 0;
  for (const key of endpointKeys()) {
    for (const name of endpoint(key).parameters.keys()) {
      if (!isSecret(name)) continue;
      for (const form of FORMS) expect(saidOf(key, { [name]: form })).not.toContain(MARKER);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(90);
});

test("a value under a name that is unknown is in no problem", () => {
  for (const key of endpointKeys())
    expect(saidOf(key, { pasword: MARKER, nosuch: { a: MARKER } })).not.toContain(MARKER);
});

test("a secret inside a property string is not quoted, whatever is wrong beside it", () => {
  const migrate = "POST /nodes/{node}/qemu/{vmid}/remote_migrate";
  const forms = [
    `apitoken=${MARKER}`,
    `apitoken=${MARKER},port=x`,
    MARKER,
    { apitoken: MARKER, port: "x" },
    { token: MARKER },
    { apitoken: [{ a: MARKER }] },
  ];
  for (const form of forms) expect(saidOf(migrate, { "target-endpoint": form })).not.toContain(MARKER);
  expect(saidOf("POST /access/domains", { tfa: `type=x,key=${MARKER}\0` })).not.toContain(MARKER);
});

test("what is secret is told by its name", () => {
  for (const name of [
    "password",
    "cipassword",
    "new-password",
    "keyring",
    "encryption-key",
    "token",
    "vncticket",
    "secret",
    "otp",
  ])
    expect(isSecret(name)).toBe(true);
  for (const name of ["node", "vmid", "keyboard", "name", "path", "description"]) expect(isSecret(name)).toBe(false);
});
