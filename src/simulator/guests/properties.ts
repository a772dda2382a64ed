// Property strings inside a guest's config, read and written in PVE's order: the leading value, then the keys by name.

export type Properties = Record<string, string>;

/** `local:1,format=raw` with lead `file` → {file: "local:1", format: "raw"}. */
export function readProperties(text: string, lead: string): Properties {
  const properties: Properties = {};
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    if (part === "") continue;
    if (at < 0) properties[lead] = part;
    else properties[part.slice(0, at)] = part.slice(at + 1);
  }
  return properties;
}

/** The inverse: the lead bare and first, the others sorted. */
export function writeProperties(properties: Properties, lead: string): string {
  const names = Object.keys(properties)
    .filter((name) => name !== lead)
    .sort();
  const first = properties[lead];
  return [...(first === undefined ? [] : [first]), ...names.map((name) => `${name}=${properties[name]}`)].join(",");
}
