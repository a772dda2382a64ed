// Writes what is derived from the table of commands and kept in dist/: completions and manual page.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { handouts } from "./handouts.ts";

for (const [path, content] of Object.entries(handouts())) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
