import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Refusal } from "../../src/toolkit/refusal.ts";
import { createUploadFolder, needed } from "../../src/toolkit/upload-folder.ts";

const home = mkdtempSync(join(tmpdir(), "upload-folder-"));
const path = join(home, "files");
const folder = createUploadFolder(path);

beforeAll(() => {
  mkdirSync(join(path, "sub"), { recursive: true });
  mkdirSync(join(home, "files-beside"));
  writeFileSync(join(home, "secret"), "not for anybody");
  writeFileSync(join(home, "files-beside", "secret"), "not for anybody");
  writeFileSync(join(path, "a.iso"), "x".repeat(600_000));
  writeFileSync(join(path, "sub", "b.iso"), "bb");
  symlinkSync(join(home, "secret"), join(path, "link.iso"));
  symlinkSync(home, join(path, "way-out"));
  symlinkSync(join(path, "sub", "b.iso"), join(path, "inside.iso"));
  symlinkSync(join(home, "made-by-link"), join(path, "dangling"));
  execFileSync("mkfifo", [join(path, "pipe")]);
});
afterAll(() => rmSync(home, { recursive: true }));

const text = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();
const stream = (content: string) => new Blob([content]).stream();

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Refusal);
  return error instanceof Refusal ? error.message : "";
}

/** No name of a file in the folder, on whichever system. */
const odd = [
  "",
  ".",
  "..",
  "/",
  "../secret",
  "sub/../../secret",
  "sub/..",
  "./a.iso",
  "sub//b.iso",
  "../files-beside/secret",
  join(home, "secret"),
  "C:\\secret",
  "C:secret",
  "..\\secret",
  "a.iso:stream",
  "a.iso\0",
  "a\n.iso",
  "a.iso/",
];

describe("a file is opened", () => {
  test("by its name in the folder, and read as often as it is asked for", async () => {
    const file = await folder.open("a.iso");
    expect(file).toMatchObject({ field: "filename", filename: "a.iso", size: 600_000 });
    expect(await text(file.open())).toBe(await text(file.open()));
    expect((await text(file.open())).length).toBe(600_000);
  });

  test.each(["sub/b.iso", "inside.iso"])(
    "in a folder of the folder, and by a link that stays inside: %s",
    async (name) => {
      expect(await text((await folder.open(name)).open())).toBe("bb");
    },
  );

  test.each([...odd, "link.iso", "way-out/secret", "way-out/files-beside/secret"])(
    "never outside of the folder: %j",
    async (name) => {
      expect(await refusal(folder.open(name))).toContain("PROXMOX_UPLOAD_DIR: no path outside of it is taken");
    },
  );

  test.each([
    ["sub", "is no regular file"],
    ["pipe", "is no regular file"],
    ["nothing.iso", "there is none"],
    ["dangling", "there is none"],
    [`${"n".repeat(300)}`, "the name is too long"],
  ])("never what is no regular file: %j", async (name, reason) => {
    expect(await refusal(folder.open(name))).toContain(reason);
  });

  test("and not read once a link stands in its place", async () => {
    writeFileSync(join(path, "swapped"), "mine");
    const file = await folder.open("swapped");
    rmSync(join(path, "swapped"));
    symlinkSync(join(home, "secret"), join(path, "swapped"));
    expect(await refusal(text(file.open()))).toContain("it is a link");
  });
});

describe("a file is made", () => {
  test("in the folder, of a stream, and its bytes are told", async () => {
    const file = await folder.create("sub/new.txt");
    expect(existsSync(join(path, "sub/new.txt"))).toBeFalse();
    expect(await file.write(stream("hello"))).toBe(5);
    expect(readFileSync(join(path, "sub/new.txt"), "utf8")).toBe("hello");
  });

  test.each([...odd, "way-out/new.txt"])("never outside of the folder: %j", async (name) => {
    expect(await refusal(folder.create(name))).toContain("no path outside of it is taken");
  });

  test.each(["a.iso", "link.iso", "sub", "dangling"])("never over what is there: %s", async (name) => {
    expect(await refusal(folder.create(name))).toContain("is left as it is");
    expect(existsSync(join(home, "made-by-link"))).toBeFalse();
  });

  test("never over what came there meanwhile", async () => {
    const file = await folder.create("late");
    writeFileSync(join(path, "late"), "first");
    expect(await refusal(file.write(stream("second")))).toContain("is left as it is");
    expect(readFileSync(join(path, "late"), "utf8")).toBe("first");
  });

  test("whole or not at all", async () => {
    const file = await folder.create("half");
    let count = 0;
    const breaking = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (count++ > 0) throw new Error("the connection broke");
        controller.enqueue(new Uint8Array(1000));
      },
    });
    expect(file.write(breaking)).rejects.toThrow("the connection broke");
    await file.write(breaking).catch(() => {});
    expect(existsSync(join(path, "half"))).toBeFalse();
  });
});

test("without a folder the refusal names the setting", () => {
  expect(() => needed(undefined)).toThrow("set PROXMOX_UPLOAD_DIR");
});

test("a setting that names no folder is told when a file is asked for", async () => {
  const gone = createUploadFolder(join(home, "gone"));
  expect(await refusal(gone.open("a.iso"))).toBe("the folder of PROXMOX_UPLOAD_DIR can't be used: there is none");
  expect(await refusal(createUploadFolder(join(path, "a.iso")).open("a.iso"))).toContain("there is none");
});

test("Deno does the same", () => {
  const bin = resolve(import.meta.dir, "../../node_modules/.bin/deno");
  const module = resolve(import.meta.dir, "../../src/toolkit/upload-folder.ts");
  const code = `
    const { createUploadFolder } = await import(${JSON.stringify(module)});
    const folder = createUploadFolder(${JSON.stringify(path)});
    const said = async (work) => work().catch((error) => error.message);
    const file = await folder.open("a.iso");
    console.log((await new Response(file.open()).text()).length);
    for (const name of ["link.iso", "way-out/secret", "../secret", "pipe", "nothing"]) console.log(await said(() => folder.open(name)));
    console.log(await (await folder.create("by-deno")).write(new Blob(["abc"]).stream()));
    console.log(await said(() => folder.create("dangling")));
  `;
  const { stdout, stderr } = spawnSync(bin, ["run", "--allow-all", "--no-lock", "-"], {
    input: code,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const [length, ...lines] = stdout.trim().split("\n");
  expect(length).toBe("600000");
  expect(
    lines.map((line) => line.replace(/.*(no path outside|no regular file|there is none|left as it is).*/, "$1")),
  ).toEqual([
    "no path outside",
    "no path outside",
    "no path outside",
    "no regular file",
    "there is none",
    "3",
    "left as it is",
  ]);
});
