// Owns the list that `simulator --coverage` prints: what of PVE's API the embedded cluster models.
import { coverage } from "../simulator/coverage.ts";

/** A line an area and the endpoints that are modelled below it; as JSON, both lists of endpoints. */
export async function coverageText(json: boolean): Promise<string> {
  const areas = coverage();
  const modelled = areas.flatMap((area) => area.modelled);
  const missing = areas.flatMap((area) => area.missing);
  if (json) return `${JSON.stringify({ modelled, missing })}\n`;
  const lines = areas.flatMap((area) => [
    `${area.path}  ${area.modelled.length} of ${area.modelled.length + area.missing.length}`,
    ...area.modelled.map((key) => `  ${key}`),
  ]);
  const total = `${modelled.length} of ${modelled.length + missing.length} endpoints are modelled. The others are checked`;
  return `${[...lines, "", `${total} like PVE's own (method, parameters, permissions) and answered with 501.`].join("\n")}\n`;
}
