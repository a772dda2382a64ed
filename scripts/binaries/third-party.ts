// Owns the list of what others wrote of a program that we hand out, with their licences, as those ask for it.

import { readdir, readFile } from "node:fs/promises";
import { devDependencies } from "../../package.json";

/** The text of THIRD-PARTY.txt for a bundle of these files. @throws Error for a package without a licence's text */
export async function thirdParty(files: readonly string[]): Promise<string> {
  const names = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const parts = [...new Set(names)].sort().map(async (name) => {
    const folder = `node_modules/${name}`;
    const { version, license, licenses } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no file with its licence`);
    const text = await readFile(`${folder}/${file}`, "utf8");
    return `${name} ${version} (${license ?? licenses[0].type})\n\n${text.trim()}\n`;
  });
  return [head, ...(await Promise.all(parts))].join(`\n${"=".repeat(80)}\n\n`);
}

const head = `The program holds work of others, under the licences below.

The executable files hold Bun ${devDependencies.bun} besides, which is under the MIT licence and holds JavaScriptCore (LGPL-2)
and more, listed at https://github.com/oven-sh/bun/blob/main/LICENSE.md
`;
