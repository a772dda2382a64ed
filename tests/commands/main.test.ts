import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { loaded, sources } from "../architecture/sources.ts";

const root = join(import.meta.dir, "../..");

async function program(...words: readonly string[]) {
  const main = Bun.spawn([process.execPath, join(root, "src/main.ts"), ...words], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([
    new Response(main.stdout).text(),
    new Response(main.stderr).text(),
    main.exited,
  ]);
  return { stdout, stderr, code };
}

function sh(line: string) {
  const { stdout, stderr } = Bun.spawnSync(["sh", "-c", line]);
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

describe("the program", () => {
  test("prints what was asked for on stdout, nothing on stderr, and ends with 0", async () => {
    for (const words of [
      ["version"],
      ["--version"],
      ["-V"],
      ["--help"],
      ["-h"],
      ["help", "serve"],
      ["call", "--help"],
    ]) {
      const { stdout, stderr, code } = await program(...words);
      expect({ words, stderr, code }).toEqual({ words, stderr: "", code: 0 });
      expect(stdout).toStartWith("proxmox-mcp");
    }
  });

  test("tells wrong usage in one line on stderr, prints nothing on stdout, and ends with 2", async () => {
    for (const words of [["srve"], ["serve", "--dmeo"], ["tools", "x"], ["call"], ["--demo=1"]]) {
      const { stdout, stderr, code } = await program(...words);
      expect({ words, stdout, code }).toEqual({ words, stdout: "", code: 2 });
      expect(stderr).toMatch(/^proxmox-mcp: [^\n]+\n$/);
    }
  });

  test("ends with its code and whole output when the reader is slow, and without a word when it goes away", async () => {
    const command = `"${process.execPath}" "${join(root, "src/main.ts")}" help serve`;
    const [whole, slow] = [await program("help", "serve"), sh(`(${command}; echo $? >&2) | (sleep 0.3; cat)`)];
    expect(slow).toEqual({ stdout: whole.stdout, stderr: "0\n" });
    expect(sh(`${command} | true`)).toEqual({ stdout: "", stderr: "" });
  });

  test("loads nothing at its start but what reads the command line", () => {
    const early = [...loaded(sources("src"), ["src/main.ts"]).keys()].sort();
    expect(early).toEqual(["src/commands/commands.ts", "src/commands/parse.ts", "src/main.ts"]);
  });
});
