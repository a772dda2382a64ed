import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildRequest } from "../../src/pve/client.ts";
import { PveError } from "../../src/pve/errors.ts";
import { isUpid } from "../../src/pve/tasks.ts";
import { endpoint, endpointKeys } from "../../src/schema/registry.ts";
import { createStandIn, failure } from "./stand-in.ts";

const folder = resolve(import.meta.dir, "../../../shared/pve-recorded");
const files = ["fuzz", "history", "permissions", "single-node", "snapshot"];

interface Exchange {
  method: string;
  path: string;
  template: string;
  status: number;
  reason: string;
  body: unknown;
}

const isExchange = (value: unknown): value is Exchange =>
  typeof value === "object" &&
  value !== null &&
  "status" in value &&
  typeof value.status === "number" &&
  "path" in value;

const exchanges: Exchange[] = existsSync(folder)
  ? files.flatMap((name) =>
      readFileSync(`${folder}/${name}.jsonl`, "utf8")
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line))
        .filter(isExchange),
    )
  : [];
if (exchanges.length === 0) process.stderr.write(`no recordings at ${folder}: nothing is compared with them\n`);

/** The recorded answer through the client. */
function replay({ status, reason, body }: Exchange) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = new Response(text, { status });
  Object.defineProperty(response, "statusText", { value: Buffer.from(reason ?? "").toString("latin1") });
  const { client } = createStandIn(() => response, { retries: { attempts: 1, milliseconds: 0 } });
  return client.request({ endpoint: "GET /version", values: {} });
}

const envelope = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === "object" && body !== null ? { ...body } : {};

describe("what a genuine PVE answered", () => {
  test("with success is read as its data, total and changes", async () => {
    for (const exchange of exchanges.filter(
      ({ status, path, body }) => status === 200 && path.startsWith("/api2/json/") && "data" in envelope(body),
    )) {
      const { data, total, changes } = envelope(exchange.body);
      expect(await replay(exchange)).toEqual({
        data,
        ...(total !== undefined && { total: Number(total) }),
        ...(changes !== undefined && { changes: String(changes) }),
      });
    }
  });

  test("with an error is read with its text, whole, and every parameter's", async () => {
    for (const exchange of exchanges.filter(({ status }) => status >= 400)) {
      const error = await failure(replay(exchange));
      const { message, errors } = envelope(exchange.body);
      expect(error.status).toBe(exchange.status);
      expect(error.sentence).toContain(String(message ?? exchange.reason).trim());
      for (const [name, text] of Object.entries(envelope(errors)))
        expect(error.sentence).toContain(`${name}: ${String(text).trim()}`);
      expect(error.next.length).toBeGreaterThan(10);
    }
  });

  test("with a 403 is forbidden, and a path and a privilege in it are granted by the next step", async () => {
    for (const exchange of exchanges.filter(({ status }) => status === 403)) {
      const error = await failure(replay(exchange));
      expect(error.kind).toBe("forbidden");
      const [, path, names = ""] = /\((\/[^, ]*), ([\w.|]+)\)/.exec(error.sentence) ?? [];
      if (path === undefined) expect(error.next).not.toContain("pveum acl modify");
      else {
        expect(error.next).toContain(`pveum acl modify ${path} `);
        expect(names.split("|").some((name) => error.next.includes(`--privs ${name};`))).toBe(true);
      }
    }
  });

  test("with a 500 is nearly always of a kind that says more than that it was refused", async () => {
    const kinds: string[] = [];
    for (const exchange of exchanges.filter(({ status }) => status === 500))
      kinds.push((await failure(replay(exchange))).kind);
    expect(kinds.filter((kind) => kind === "refused").length).toBeLessThanOrEqual(kinds.length / 8);
  });

  test("as the id of a task is a UPID", () => {
    const ids = exchanges
      .flatMap(({ body }) => envelope(body).data)
      .filter((data) => typeof data === "string" && data.startsWith("UPID:"));
    expect(ids.filter((id) => !isUpid(id))).toEqual([]);
  });
});

describe("the path of a recorded request", () => {
  test("is what the client writes for the same endpoint and values, once it is decoded", () => {
    const known = new Map(endpointKeys().map((key) => [String(key), endpoint(key).key]));
    let compared = 0;
    for (const { method, path, template } of exchanges) {
      const key = known.get(`${method} ${template}`);
      const values = key && variables(template, path.replace("/api2/json", "").split("?", 1)[0] ?? "");
      if (!key || !values) continue;
      try {
        const { url } = buildRequest("https://pve", { endpoint: key, values });
        const written = decodeURIComponent(new URL(url).pathname);
        expect(written).toStartWith(decodeURIComponent(path.split("?", 1)[0] ?? ""));
        compared++;
      } catch (error) {
        if (!(error instanceof PveError)) throw error;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(exchanges.length * 0.9);
  });
});

/** The values of a template's variables in a path; the last one takes the rest. */
function variables(template: string, path: string): Record<string, string> | undefined {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
  const form = template.replace(/\{([^}]+)\}/g, (_, name: string) =>
    name === "volume" || name === "cidr" ? "(.+)" : "([^/]+)",
  );
  const found = new RegExp(`^${form}$`).exec(path);
  return found
    ? Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]))
    : undefined;
}
