// Owns the list of generated files that follow from the tools and settings.
import { migrationDocument } from "./documents/migration.ts";
import { skillFiles } from "./documents/skills.ts";
import { toolsDocument } from "./documents/tools.ts";
import { troubleshootingDocument } from "./documents/troubleshooting.ts";
import { listingSource } from "./listing.ts";
import { readmeText } from "./readme.ts";
import { skillListSource, skillTextsSource } from "./skills-embedded.ts";
import { wrapperSource } from "./wrapper.ts";

/** Every generated file with the text that it ought to have; paths are relative to the project. */
export function generatedFiles(): { path: string; text: string }[] {
  const files = [
    { path: "src/tools/listing.gen.ts", text: listingSource() },
    { path: "README.md", text: readmeText() },
    { path: "docs/tools.md", text: toolsDocument() },
    { path: "docs/migration.md", text: migrationDocument() },
    { path: "docs/troubleshooting.md", text: troubleshootingDocument() },
    ...skillFiles(),
    { path: "src/ssh/wrapper.gen.ts", text: wrapperSource() },
  ];
  return [
    ...files,
    { path: "src/server/resources/skill-list.gen.ts", text: skillListSource(files) },
    { path: "src/server/resources/skill-texts.gen.ts", text: skillTextsSource(files) },
  ];
}
