// Notification targets: each kind with what it needs, no secret in any answer, built-in ones that come back.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { smtpTarget } from "./recorded/cluster.ts";

const smtp = {
  target_type: "smtp",
  name: "mail",
  server: "mail.example.com",
  from: "pve@example.com",
  mailto: ["ops@example.com", "b@example.com"],
  username: "pve",
  password: "not-to-be-told",
  mode: "starttls",
  port: 587,
};
const gotify = { target_type: "gotify", name: "push", server: "https://push.example.com", token: "not-to-be-told" };
const sendmail = { target_type: "sendmail", name: "local", "mailto-user": "root@pam", author: "PVE" };

describe("a notification target", () => {
  test.each([
    [smtp, { server: "mail.example.com", "from-address": "pve@example.com", mailto: smtp.mailto, port: 587 }],
    [gotify, { server: "https://push.example.com" }],
    [sendmail, { "mailto-user": ["root@pam"], author: "PVE" }],
    [{ ...smtp, from: undefined, "from-address": "pve@example.com" }, { "from-address": "pve@example.com" }],
  ])("of its kind is made, and shows no secret: %o", async (given, there) => {
    const { call, record } = demo();
    const answer = await call("notification", { action: "create", ...given });
    expect(answer.outcome).toBe("ok");
    const { target_type: type, name } = given;
    expect(await record(`/cluster/notifications/endpoints/${type}/${name}`)).toMatchObject(there);
    const shown = await call("notification", { action: "get", target_type: type, name });
    expect(shown.record).toMatchObject(there);
    expect(JSON.stringify([answer, shown])).not.toContain("not-to-be-told");
    const { rows } = await call("notification", { action: "list" });
    expect(rows).toContainEqual(expect.objectContaining({ name, type, origin: "user-created" }));
  });

  test.each([
    [
      { ...smtp, server: undefined, from: undefined, mailto: undefined },
      ["from is missing", "server is missing", "mailto is missing"],
    ],
    [{ ...gotify, server: undefined, token: undefined }, ["server is missing", "token is missing"]],
    [{ ...sendmail, "mailto-user": undefined }, ["mailto is missing"]],
    [{ ...gotify, mailto: "ops@example.com" }, ["mailto is unknown"]],
    [{ ...sendmail, from: "pve@example.com", port: 25 }, ["port is unknown"]],
  ])("without what its kind needs, or with what it hasn't, is refused by name: %o", async (given, problems) => {
    const { call, changes } = demo();
    const { reason = [] } = await call("notification", { action: "create", ...given });
    for (const problem of problems) expect(reason.some((line) => line.startsWith(problem))).toBe(true);
    expect(JSON.stringify(reason)).not.toContain("not-to-be-told");
    expect(changes).toEqual([]);
  });

  test("is deleted with what stood there; a built-in one comes back, and that is told", async () => {
    const { call, ask } = demo();
    await call("notification", { action: "create", ...smtp });
    const answer = await call("notification", { action: "delete", target_type: "smtp", name: "mail" });
    expect(answer.changes).toContainEqual({ key: "server", old: "mail.example.com" });
    expect(JSON.stringify(await ask("GET", "/cluster/notifications/targets"))).not.toContain('"mail"');
    const kept = await call("notification", { action: "delete", target_type: "sendmail", name: "mail-to-root" });
    expect(kept).toMatchObject({ outcome: "error", summary: expect.stringContaining("still stands there") });
  });

  test("is tested, and a test that fails is told with PVE's reason", async () => {
    const { call } = demo();
    expect((await call("notification", { action: "test", name: "mail-to-root" })).summary).toBe(
      "A test message was handed to target mail-to-root",
    );
    await call("notification", { action: "create", ...gotify });
    const failed = await call("notification", { action: "test", name: "push" });
    expect(failed).toMatchObject({ outcome: "error" });
    expect(failed.reason?.[0]).toContain("could not notify via endpoint(s): push");
  });

  test("of a genuine cluster reads as it is", async () => {
    const given = { action: "get", target_type: "smtp", name: "m1" };
    const { answer } = await told("notification", given, { "/endpoints/smtp/m1": smtpTarget });
    expect(answer.record).toEqual(smtpTarget);
  });
});
