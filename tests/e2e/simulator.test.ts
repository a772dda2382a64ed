import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "../../src/pve/transport.ts";
import { networkCommand as command, startCluster, type Told } from "./cluster.ts";
import { environment, root } from "./program.ts";

async function withCluster<T>(options: readonly string[], use: (told: Told) => Promise<T>): Promise<T> {
  const { stop, ...told } = await startCluster(options);
  try {
    return await use(told);
  } finally {
    expect(await stop()).toBe(0);
  }
}

async function get(told: Told, path: string, who: keyof Told["tokens"] = "root") {
  const fetch = createTransport({ mode: "verify", fingerprint: told.fingerprint });
  const headers = { authorization: `PVEAPIToken=${told.tokens[who]}` };
  const response = await fetch(new Request(`${told.url}/api2/json${path}`, { headers }));
  const body = JSON.parse(await response.text());
  fetch.close();
  return { status: response.status, reason: response.statusText, data: body.data };
}

describe("simulator", () => {
  test("tells url, fingerprint and tokens in its first line, and each token may what it is for", () =>
    withCluster([], async (told) => {
      expect(Object.keys(told)).toEqual(["url", "fingerprint", "tokens"]);
      expect(Object.keys(told.tokens)).toEqual(["root", "auditor", "operator", "powerless"]);
      expect(told.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect((await get(told, "/nodes")).data).toHaveLength(3);
      expect((await get(told, "/cluster/status", "auditor")).status).toBe(200);
      expect((await get(told, "/cluster/resources?type=vm", "operator")).data).toHaveLength(1);
      expect(await get(told, "/cluster/status", "powerless")).toMatchObject({
        status: 403,
        reason: "Permission check failed (/, Sys.Audit)",
      });
    }));

  test("serves an older release, another start, a cluster of another size", async () => {
    await withCluster(["--pve", "8.4", "--nodes", "2", "--guests", "50"], async (told) => {
      expect((await get(told, "/version")).data.release).toBe("8.4");
      expect((await get(told, "/cluster/resources?type=vm")).data).toHaveLength(50);
    });
    await withCluster(["--start", "recorded", "--speed", "100"], async (told) => {
      expect((await get(told, "/nodes/pve3/storage")).data).toHaveLength(1);
      expect(told.tokens.auditor).toStartWith("ro@pve!tok=");
    });
  });

  test("brings about what it is told to: nodes that are off, lost quorum, faults", () =>
    withCluster(["--offline", "pve3", "--no-quorum", "--speed", "100", "--fault", "latency,ms=1"], async (told) => {
      const guests: { node: string; status: string }[] = (await get(told, "/cluster/resources?type=vm")).data;
      const lost = guests.filter(({ node }) => node === "pve3");
      expect(new Set(lost.map(({ status }) => status))).toEqual(new Set(["unknown"]));
      expect((await get(told, "/cluster/status")).data[0].quorate).toBe(0);
    }));
});

describe("the documents' lines for curl", () => {
  const blocks = ["docs/embedded-cluster.md", "README.md"].flatMap((path) => {
    const found = [...readFileSync(`${root}/${path}`, "utf8").matchAll(/^```sh\n(.*?)^```/gms)].map(
      ([, block = ""]) => block,
    );
    return found
      .filter((block) => block.includes("proxmox-mcp simulator --json"))
      .map((block) => [path, block] as const);
  });

  test.each(blocks)(
    "of %s create, start and read a VM",
    async (_, block) => {
      const folder = mkdtempSync(join(tmpdir(), "curl-lines-"));
      const quoted = command.map((word) => `'${word}'`).join(" ");
      writeFileSync(join(folder, "proxmox-mcp"), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
      const shell = Bun.spawn(["sh", "-eu", "-c", block], {
        cwd: folder,
        env: { ...environment, PATH: `${folder}:${environment.PATH}` },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [out, err, code] = await Promise.all([
        new Response(shell.stdout).text(),
        new Response(shell.stderr).text(),
        shell.exited,
      ]);
      rmSync(folder, { recursive: true });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const answers: unknown[] = out.split(/(?<=\})\n?(?=\{"data")/).map((text) => JSON.parse(text).data);
      expect(answers[0]).toBe("105");
      expect(answers.slice(1, 3).map((upid) => String(upid).split(":")[5])).toEqual(["qmcreate", "qmstart"]);
      expect(answers[3]).toMatchObject({ name: "ubuntu-01", memory: "2048" });
      expect(answers[4]).toMatchObject({ name: "ubuntu-01", status: "running", maxdisk: 32 * 1024 ** 3 });
    },
    30_000,
  );
});
