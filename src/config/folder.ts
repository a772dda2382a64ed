// Owns the setting of the folder for files, read apart from those that say where the cluster is.
import { sentence } from "./mistake.ts";
import { createReader, type Environment, type Reader } from "./reader.ts";
import { settings } from "./settings.ts";

/** The folder through a reader, which gathers the mistake; undefined where none is set. */
export function folderIn(reader: Reader): string | undefined {
  return reader.path(settings.uploadDir);
}

export function readFolder(env: Environment): { folder?: string; mistakes: string[] } {
  const reader = createReader(env, () => "");
  const folder = folderIn(reader);
  const mistakes = reader.mistakes.map((mistake) => sentence(mistake, reader.secrets));
  return { mistakes, ...(folder !== undefined && { folder }) };
}
