import { describe, expect, test } from "bun:test";
import { type Answer, record, type Side, side } from "../asking.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };

function request(method: string, path: string, headers: Record<string, string>, body?: Record<string, string>) {
  const sent = body === undefined ? {} : { body: new URLSearchParams(body).toString() };
  return new Request(`https://demo/api2/json${path}`, { method, headers: { ...form, ...headers }, ...sent });
}

const login = (all: Side, username: string, password: string): Promise<Answer> =>
  all.send(request("POST", "/access/ticket", {}, { username, password }));

async function loggedIn(all: Side, username = "root@pam", password = "proxmox") {
  const { ticket, CSRFPreventionToken } = record((await login(all, username, password)).data);
  return {
    cookie: `PVELangCookie=en; PVEAuthCookie=${encodeURIComponent(String(ticket))}`,
    csrfpreventiontoken: String(CSRFPreventionToken),
  };
}

describe("a login", () => {
  test("gives a ticket, the token for writes, and what the user may do", async () => {
    const { status, data } = await login(side(), "root@pam", "proxmox");
    const answer = record(data);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ username: "root@pam", clustername: "demo" });
    expect(answer.ticket).toMatch(/^PVE:root@pam:[0-9A-F]{8}::[A-Za-z0-9+/]{342}==$/);
    expect(answer.CSRFPreventionToken).toMatch(/^[0-9A-F]{8}:[A-Za-z0-9+/]{43}$/);
    expect(Object.keys(record(answer.cap)).sort()).toEqual([
      "access",
      "dc",
      "mapping",
      "nodes",
      "sdn",
      "storage",
      "vms",
    ]);
  });

  test("takes the realm beside the name, and a ticket in the place of the password", async () => {
    const all = side();
    const { data } = await login(all, "root", "proxmox");
    expect(record(data).username).toBe("root@pam");
    expect((await login(all, "root@pam", String(record(data).ticket))).status).toBe(200);
  });

  test.each([
    ["root@pam", "wrong"],
    ["nobody@pve", "proxmox"],
    ["auditor@pve", ""],
  ])("of %s with %p is refused with a body", async (username, password) => {
    const answer = await login(side(), username, password);
    expect(answer).toMatchObject({ status: 401, message: "authentication failure\n" });
  });

  test("isn't for API tokens", async () => {
    const { ask } = side();
    expect((await ask("POST", "/access/ticket", { username: "root@pam", password: "proxmox" })).status).toBe(403);
  });
});

describe("a ticket", () => {
  test("reads with the cookie alone, and writes with the CSRF token", async () => {
    const all = side();
    const { cookie, csrfpreventiontoken } = await loggedIn(all);
    expect((await all.send(request("GET", "/nodes", { cookie }))).status).toBe(200);
    const pool = { poolid: "mine" };
    expect(await all.send(request("POST", "/pools", { cookie }, pool))).toMatchObject({
      status: 401,
      reason: "Permission denied - invalid csrf token",
      text: "",
    });
    expect((await all.send(request("POST", "/pools", { cookie, csrfpreventiontoken }, pool))).status).toBe(200);
  });

  test("is root@pam itself, who may what its token may not", async () => {
    const all = side();
    const headers = await loggedIn(all);
    const change = { userid: "root@pam", password: "a new one" };
    expect((await all.ask("PUT", "/access/password", change)).status).toBe(403);
    expect((await all.send(request("PUT", "/access/password", headers, change))).status).toBe(200);
    expect((await login(all, "root@pam", "proxmox")).status).toBe(401);
    expect((await login(all, "root@pam", "a new one")).status).toBe(200);
  });

  test("holds for two hours", async () => {
    const all = side();
    const { cookie } = await loggedIn(all);
    all.pass(7_100_000);
    expect((await all.send(request("GET", "/nodes", { cookie }))).status).toBe(200);
    all.pass(200_000);
    expect((await all.send(request("GET", "/nodes", { cookie }))).status).toBe(401);
  });

  test("that was tampered with, or whose user is gone, is refused", async () => {
    const all = side();
    await all.ask("POST", "/access/users", { userid: "eve@pve", password: "long enough" });
    const { cookie } = await loggedIn(all, "eve@pve", "long enough");
    const refused = { status: 401, reason: "permission denied - invalid PVE ticket", text: "" };
    const other = cookie.replace("eve", "adm");
    expect(await all.send(request("GET", "/nodes", { cookie: other }))).toMatchObject(refused);
    expect((await all.send(request("GET", "/nodes", { cookie }))).status).toBe(200);
    await all.ask("DELETE", "/access/users/eve@pve");
    expect(await all.send(request("GET", "/nodes", { cookie }))).toMatchObject(refused);
  });

  test("of a user is confirmed by the password before it changes one", async () => {
    const all = side();
    await all.ask("POST", "/access/users", { userid: "eve@pve", password: "long enough" });
    const headers = await loggedIn(all, "eve@pve", "long enough");
    const change = { userid: "eve@pve", password: "another one" };
    const wrong = { ...change, "confirmation-password": "not this" };
    expect((await all.send(request("PUT", "/access/password", headers, wrong))).status).toBe(401);
    const right = { ...change, "confirmation-password": "long enough" };
    expect((await all.send(request("PUT", "/access/password", headers, right))).status).toBe(200);
  });
});
