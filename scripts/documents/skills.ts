// Owns the generated part of the skill proxmox-mcp-tools: a page a domain with every tool, and the table of domains.
import { tierOf } from "../../src/toolkit/kind.ts";
import { type ListedProperty, type ListedTool, listingOf } from "../../src/toolkit/listing.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { catalogue, categories } from "../../src/tools/catalogue.ts";
import { pageWith } from "./marks.ts";
import { argumentsText } from "./tools.ts";

type Category = keyof typeof categories;

interface Domain {
  readonly title: string;
  readonly categories: readonly Category[];
}

/** The pages: file → what is in it. Every category is in one of them. */
export const domains: Readonly<Record<string, Domain>> = {
  nodes: { title: "Nodes: state, services, logs, tasks, network, disks, power", categories: ["nodes"] },
  guests: { title: "Guests: power, configuration, snapshots, disks, network, clone, migrate", categories: ["guests"] },
  "guest-creation": {
    title: "New guests, VM disks, mount points, cloud-init",
    categories: ["guest-creation", "vm-disks", "lxc-mountpoints", "cloud-init"],
  },
  "inside-guests": { title: "Inside guests: agent, commands, consoles", categories: ["agent", "lxc-exec", "console"] },
  cluster: { title: "Cluster, backup and replication jobs, HA", categories: ["cluster", "ha"] },
  firewall: { title: "Cluster firewall", categories: ["cluster-firewall"] },
  storage: { title: "Storages, their content, backups", categories: ["storage", "backup"] },
  sdn: { title: "SDN", categories: ["sdn"] },
  access: { title: "Users, tokens, roles, ACL, realms, pools", categories: ["access"] },
  ceph: { title: "Ceph", categories: ["ceph"] },
  certificates: { title: "Certificates and ACME", categories: ["certificates", "acme"] },
  notifications: { title: "Notifications", categories: ["notifications"] },
};

export const toolsSkill = "skills/proxmox-mcp-tools";

/** The generated files of the skills with the text that they ought to have. */
export function skillFiles(): { path: string; text: string }[] {
  const pages = Object.entries(domains).map(([name, domain]) => ({
    path: `${toolsSkill}/references/${name}.md`,
    text: pageText(domain),
  }));
  return [...pages, { path: `${toolsSkill}/SKILL.md`, text: pageWith(`${toolsSkill}/SKILL.md`, { domains: table() }) }];
}

const toolsOf = ({ categories: names }: Domain): readonly Tool[] => names.flatMap((name) => categories[name]);

/** A row a page: what it is about, and the tools in it without their `proxmox_`. */
function table(): string {
  const rows = Object.entries(domains).map(([name, domain]) => {
    const tools = toolsOf(domain).map((tool) => tool.name.replace("proxmox_", ""));
    return `| [${domain.title}](references/${name}.md) | ${tools.join(", ")} |`;
  });
  return ["| Reference | Tools, each with `proxmox_` before it |", "| --- | --- |", ...rows].join("\n");
}

const legend =
  "Generated from the tools. **Bold** arguments are required. Tier: basic always runs, 🔒 needs `PROXMOX_ALLOW_ELEVATED=true`; behind it the kind, by which `PROXMOX_DENY` takes some away again. *further* ones are taken and not listed to clients.";

function pageText(domain: Domain): string {
  const tools = toolsOf(domain);
  const listing = new Map(listingOf(catalogue, { readOnly: false }).map((listed) => [listed.name, listed]));
  const chapters = tools.map((tool) => chapter(tool, listing.get(tool.name)));
  return `${[`# ${domain.title}`, legend, ...chapters].join("\n\n")}\n`;
}

function chapter(tool: Tool, listed: ListedTool | undefined): string {
  const rows = [...tool.operations].map(([action, operation]) => {
    const tier = tierOf(operation.kind) === "basic" ? "basic" : `🔒 ${operation.kind}`;
    return `| ${action || "—"} | ${argumentsText(operation).replaceAll("|", "\\|")} | ${tier} |`;
  });
  const about = Object.entries(listed?.inputSchema.properties ?? {}).flatMap(([name, property]) =>
    name === tool.chooser && tool.hasActions ? [] : `\`${name}\` ${propertyText(property)}`,
  );
  const chooser = tool.hasActions ? tool.chooser : "Action";
  return [
    `## ${tool.name}`,
    "",
    tool.description,
    "",
    `| ${chooser} | Arguments | Tier |`,
    "| --- | --- | --- |",
    ...rows,
    ...(about.length > 0 ? ["", `Types: ${about.join("; ")}`] : []),
  ].join("\n");
}

function propertyText({ type, description, enum: members, items }: ListedProperty): string {
  const kind = members ? members.join("\\|") : type === "array" && items ? `list of ${items.type}` : type;
  return description === undefined ? kind : `${kind} (${description.replaceAll("|", "\\|")})`;
}
