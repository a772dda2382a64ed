// No word of a command is read by a shell on its way, whichever way the wrapper is reached.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { runWords } from "../../src/ssh/remote-line.ts";
import { corpus } from "./corpus.ts";
import { runIn, shellFor } from "./runs.ts";
import { file, folder, type Served, serve } from "./server.ts";

const installed = `${import.meta.dir}/../../dist/ssh/proxmox-mcp-pct`;

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

describe("no word of a command is read by a shell on its way", () => {
  test("200 words that try to leave their quoting arrive byte for byte", async () => {
    const shell = shellFor(served.port);
    for (let from = 0; from < corpus.length; from += 25) {
      const words = corpus.slice(from, from + 25);
      const { end, stdout } = await runIn(shell, ["printf", "%s\\0", ...words]);
      expect(end).toEqual({ ended: "code", code: 0 });
      expect(stdout.toString("utf8").split("\0").slice(0, -1)).toEqual(words);
    }
  });

  test("and so they do with the wrapper installed, as a program and as a forced command", async () => {
    const wrapper = file(
      "wrapper",
      (await Bun.file(installed).text()).replace("PATH=/usr/sbin", `PATH=${folder}:/usr/sbin`),
    );
    spawnSync("chmod", ["755", wrapper]);
    const words = runWords(10, 200, ["printf", "%s\\0", ...corpus]);
    const plain = spawnSync(wrapper, words, { encoding: "utf8" });
    const forced = spawnSync(wrapper, [], {
      encoding: "utf8",
      env: { SSH_ORIGINAL_COMMAND: `sudo -n /usr/local/sbin/proxmox-mcp-pct ${words.join(" ")}` },
    });
    for (const { stdout } of [plain, forced]) {
      const output = stdout.replace(/^@@\d+\n/, "");
      expect(output.split("\0").slice(0, -1)).toEqual(corpus);
    }
  });

  test.each([["rm -rf /"], ["run 5 200"], ["run 5 x aWQ="], ["run 5 200 $(id)"], ["end 1"], ["end -1"], ["sh -c id"]])(
    "the forced command refuses %s",
    async (line) => {
      const { status, stdout } = spawnSync(installed, [], { encoding: "utf8", env: { SSH_ORIGINAL_COMMAND: line } });
      expect({ status, stdout }).toEqual({ status: 126, stdout: "" });
    },
  );
});
