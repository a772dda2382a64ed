// Owns the checks of this machine: its processor, and the folder for files.
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { type Finding, failed, ok, warning } from "./finding.ts";

/** What an x86_64 program of Bun uses beside x86-64's first instructions: x86-64-v2, as Linux names it. */
const needed = ["cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"];

/** The processor by Linux's own list of what it can do; elsewhere nothing is known and nothing asked. */
export async function checkProcessor(arch: string, cpuinfo = "/proc/cpuinfo"): Promise<Finding> {
  if (arch !== "x64") return ok("processor", arch);
  const text = await readFile(cpuinfo, "utf8").catch(() => "");
  const flags = /^flags\s*:\s*(.*)$/m.exec(text)?.[1]?.split(" ");
  if (flags === undefined) return ok("processor", "x86_64; what it can do is not told here");
  const missing = needed.filter((flag) => !flags.includes(flag));
  if (missing.length > 0) {
    const todo = "Give the virtual machine the CPU type x86-64-v2-AES or host; on this one only the npm package runs.";
    return failed("processor", `x86_64 without ${missing.join(", ")}: less than x86-64-v2`, todo);
  }
  return ok("processor", `x86-64-v2${flags.includes("avx2") ? " and AVX2" : ", without AVX2, which isn't needed"}`);
}

/** The folder of PROXMOX_UPLOAD_DIR. */
export async function checkFolder(folder: string | undefined): Promise<Finding> {
  const check = "upload folder";
  if (folder === undefined) return ok(check, "none: no file is uploaded or saved (PROXMOX_UPLOAD_DIR)");
  const there = await stat(folder).catch(() => undefined);
  if (!there) return failed(check, `${folder} is not there`, "Make it, or correct PROXMOX_UPLOAD_DIR.");
  if (!there.isDirectory()) return failed(check, `${folder} is no folder`, "Name a folder in PROXMOX_UPLOAD_DIR.");
  const may = (how: number) =>
    access(folder, how).then(
      () => true,
      () => false,
    );
  if (!(await may(constants.R_OK | constants.X_OK))) {
    return failed(check, `this user may not read ${folder}`, "Give the user who runs this the right to read it.");
  }
  if ((there.mode & 0o002) !== 0) {
    const todo = `Take that from the others: \`chmod o-w ${folder}\`.`;
    return warning(check, `everybody on this machine may put files into ${folder}, and they could be uploaded`, todo);
  }
  if (!(await may(constants.W_OK))) return ok(check, `${folder}: files can be uploaded from it and not saved to it`);
  return ok(check, folder);
}
