// Owns the table of operations that users of the seed project call: a line each, read from operations.tsv.
import { readFileSync } from "node:fs";
import { type EndpointKey, endpointKeys } from "../../src/schema/registry.ts";

/** An operation as the seed's users know it. */
export interface Line {
  /** `proxmox_node action=list`: tool and variant, unique. */
  readonly label: string;
  readonly tool: string;
  readonly variant: string;
  readonly tier: "basic" | "elevated";
  /** The endpoint as the table words it. */
  readonly endpoint: string;
  /** PVE's endpoints in it. */
  readonly endpoints: readonly EndpointKey[];
  /** The arguments that the variant stands for: `{ action: "list" }`. */
  readonly chosen: Readonly<Record<string, string>>;
  /** Further arguments that the seed requires, and those that it takes. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const folder = import.meta.dirname;

/** The rows of one of the tables, without its heading. */
export function rowsOf(file: string): string[][] {
  const lines = readFileSync(`${folder}/${file}`, "utf8").trimEnd().split("\n");
  return lines.slice(1).map((line) => line.split("\t"));
}

export const table = (): Line[] => rowsOf("operations.tsv").map(lineOf);

function lineOf([tool = "", variant = "", tier, endpoint = "", required = "", optional = ""]: string[]): Line {
  const chosen = Object.fromEntries(variant === "-" ? [] : variant.split(",").map((pair) => pairOf(pair)));
  return {
    label: variant === "-" ? tool : `${tool} ${variant}`,
    tool,
    variant,
    tier: tier === "basic" ? "basic" : "elevated",
    endpoint,
    endpoints: endpointsIn(endpoint),
    chosen,
    required: namesIn(required).filter((name) => !(name in chosen)),
    optional: namesIn(optional).filter((name) => !(name in chosen)),
  };
}

function pairOf(pair: string): [string, string] {
  const [name = "", value = ""] = pair.split("=");
  return [name, value];
}

/** `(+any: passthrough)` names no argument. */
const namesIn = (list: string): string[] => list.split(",").filter((name) => /^[\w-]+$/.test(name) && name !== "-");

/** What stands in the words of the table as an endpoint of PVE's; the query is left out. */
export function endpointsIn(words: string): EndpointKey[] {
  const found = [...words.matchAll(/(?:GET|POST|PUT|DELETE) \/[^\s?]*/g)].map(([key]) => key);
  const keys = endpointKeys();
  return found.map((name) => {
    const key = keys.find((one) => one === name);
    if (!key) throw new Error(`${name} is no endpoint of PVE's`);
    return key;
  });
}
