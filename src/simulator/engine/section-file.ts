// Configuration files of sections: an id, a kind and options each, guarded by one digest (facts 18).
import { assertDigest, digestOf, staleDigest } from "./guest-config.ts";
import type { ClusterState, Section, SectionFile } from "./state.ts";

/** A file under /etc/pve; one that isn't there yet is empty. */
export function sectionFile(state: ClusterState, name: string): SectionFile {
  const file = state.files[name] ?? {};
  state.files[name] = file;
  return file;
}

export function sectionText(file: SectionFile): string {
  return Object.entries(file)
    .map(([id, { type, options }]) => {
      const lines = Object.keys(options)
        .sort()
        .map((name) => `\t${name} ${[options[name] ?? ""].flat().join(",")}\n`);
      return `${type}: ${id}\n${lines.join("")}\n`;
    })
    .join("");
}

export function sectionDigest(file: SectionFile): string {
  return digestOf(sectionText(file));
}

/** Throws where the caller has read another version of the file. */
export function assertFresh(file: SectionFile, given: string | undefined): void {
  assertDigest(sectionDigest(file), given, staleDigest.other);
}

/** Sets what is given and takes away what is named. */
export function changeSection(section: Section, set: Section["options"], remove: readonly string[]): void {
  for (const name of remove) delete section.options[name];
  Object.assign(section.options, set);
}
