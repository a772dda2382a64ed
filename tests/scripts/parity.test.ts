// The table of the parity run is the one of the facts, and every operation that changes something has an effect to look for.
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { callsOf, operationOf } from "../../scripts/parity-run/calls.ts";
import { caseOf } from "../../scripts/parity-run/case.ts";
import { cases } from "../../scripts/parity-run/cases.ts";
import { requestOf } from "../../scripts/parity-run/cluster.ts";
import { recordedText } from "../../scripts/parity-run/recorded.ts";
import { table } from "../../scripts/parity-run/table.ts";
import { endpointOf } from "../../scripts/parity-run/wire.ts";
import { tierOf } from "../../src/toolkit/kind.ts";
import { tool } from "../../src/toolkit/tool.ts";
import { catalogue } from "../../src/tools/catalogue.ts";

const root = `${import.meta.dir}/../..`;
const lines = table();
const toolOf = (name: string) => catalogue.find((one) => one.name === name);

test("the table has the seed's 322 operations of 92 tools", () => {
  expect(lines.length).toBe(322);
  expect(new Set(lines.map(({ label }) => label)).size).toBe(322);
  expect(new Set(lines.map((line) => line.tool)).size).toBe(92);
});

test("the table is the one of the facts beside the project, where these are", () => {
  const facts = `${root}/../shared/parity/operations.tsv`;
  if (!existsSync(facts)) {
    process.stderr.write("there is no ../shared/parity: nothing to compare with\n");
    return;
  }
  const columns = (path: string) =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t").slice(0, 6));
  expect(columns(`${root}/scripts/parity-run/operations.tsv`)).toEqual(columns(facts));
});

test("README has the number of operations of which genuine answers are on record, where these are", () => {
  const [, known, rest] =
    /Of (\d+) of them answers of a\s+genuine .*?; (\d+) rest/s.exec(readFileSync(`${root}/README.md`, "utf8")) ?? [];
  expect(Number(known) + Number(rest)).toBe(lines.length);
  const counted = recordedText(lines);
  if (counted === undefined) process.stderr.write("there is no ../shared/pve-recorded: nothing to count\n");
  else expect(counted).toContain(`${known} of ${lines.length}`);
});

test("a case is of an operation of the table", () => {
  const labels = new Set(lines.flatMap((line) => [line.tool, line.label]));
  expect(Object.keys(cases).filter((key) => !labels.has(key))).toEqual([]);
});

/** Operations whose effect PVE shows nowhere but where it was written. */
const sole = [
  "proxmox_cluster action=update_options",
  "proxmox_node_config action=set_time",
  "proxmox_node_config action=set_dns",
  "proxmox_node_config action=set_hosts",
  "proxmox_node_subscription action=set",
  "proxmox_node_subscription action=delete",
  "proxmox_node_network_iface action=apply",
  "proxmox_cluster_firewall_group action=update",
  "proxmox_cluster_firewall action=update_options",
  "proxmox_cluster_firewall_ipset_entry action=create",
  "proxmox_group action=update",
  "proxmox_acl action=update",
  "proxmox_pool action=create",
  "proxmox_guest_snapshot action=create,type=lxc",
  "proxmox_cloudinit action=regenerate",
];

test("an effect is read at another path than it was written to, where PVE has one", () => {
  const same = lines.filter((line) => {
    const { effect = [], effects = {}, reaches } = caseOf(cases, line);
    const written = (reaches?.endpoints ?? line.endpoints).map((key) => key.split(" ")[1]);
    const read = [...effect, ...Object.values(effects).flat()].map((one) => pathOf(one));
    return read.length > 0 && read.every((path) => written.includes(path));
  });
  expect(same.map(({ label }) => label)).toEqual(sole);
});

/** The registry's path of what an effect reads. */
function pathOf(effect: string): string | undefined {
  const { method, path } = requestOf(effect.split(/ (?:has|lacks) /)[0] ?? "");
  return endpointOf(method, path.replace(/\{\w+\}/g, "x"))?.split(" ")[1];
}

test("the program has every operation of the table", () => {
  expect(lines.filter((line) => !operationOf(toolOf(line.tool) ?? nothing, line)).map(({ label }) => label)).toEqual(
    [],
  );
});

test("an operation's tier is the seed's, but for what shows the inside of a backup", () => {
  const differing = lines.filter((line) => {
    const operation = operationOf(toolOf(line.tool) ?? nothing, line);
    return operation && tierOf(operation.kind) !== line.tier;
  });
  expect(differing.map(({ label }) => label)).toEqual([
    "proxmox_file_restore action=list",
    "proxmox_file_restore action=download",
  ]);
});

const nothing = tool("", "", {});

describe.each(lines)("$label", (line) => {
  const about = caseOf(cases, line);
  const changes = !line.endpoints.every((key) => key.startsWith("GET "));

  test("has a value for each argument of the seed's users", () => {
    const operation = operationOf(toolOf(line.tool) ?? nothing, line);
    if (operation) expect(callsOf(line, about, operation).length).toBeGreaterThan(0);
  });

  test("has an effect that is read elsewhere than where it is written, or says why there is none", () => {
    const effects = [...(about.effect ?? []), ...Object.values(about.effects ?? {}).flat()];
    const isKnown = about.effect ?? about.effects?.required ?? about.traceless ?? about.ends;
    if (changes) expect(isKnown).toBeDefined();
    for (const effect of effects) {
      expect(pathOf(effect)).toStartWith("/");
    }
  });
});
