// Owns the files that can be uploaded during a run.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The one file that is uploaded, and its SHA-256. */
export const image = {
  name: "parity.iso",
  bytes: new TextEncoder().encode("parity"),
  sha256: "65966f0faeeff2d783a9e9766d96bafb9ce7ea133ccabd263106f6d7ff1ddd14",
};

export function fillFolder(folder: string): void {
  writeFileSync(join(folder, image.name), image.bytes);
}
