// Owns the reading of skills: the texts that are kept in the program.
import { ResourceNotFoundError } from "@modelcontextprotocol/server";
import { skillTexts } from "./skill-texts.gen.ts";

/**
 * One file of a skill, by its address.
 * @throws ResourceNotFoundError
 */
export function readSkill(uri: string) {
  const text = Object.hasOwn(skillTexts, uri) ? skillTexts[uri] : undefined;
  if (text === undefined) throw new ResourceNotFoundError(uri);
  return { contents: [{ uri, mimeType: "text/markdown", text }] };
}
