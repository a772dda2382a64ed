// Requests made from the registry alone: valid ones, and the faults that can be put into them.
import { type Definition, shapeOf } from "../../../src/schema/definition.ts";
import type { Endpoint, Parameter } from "../../../src/schema/registry.ts";
import type { Random } from "../../../src/simulator/engine/random.ts";

export type Value = string | number | boolean | string[];

/** A value that each format takes, written by hand. */
const samples: Readonly<Record<string, readonly string[]>> = {
  "pve-node": ["pve1", "node-2"],
  "pve-vmid": ["100", "999999999"],
  "pve-configid": ["snap1", "a_b-c"],
  "pve-iface": ["vmbr0", "eth0.5"],
  "pve-bridge-id": ["vmbr1"],
  "pve-realm": ["pve", "pam"],
  "pve-userid": ["root@pam", "a.b@pve"],
  "pve-groupid": ["admins"],
  "pve-roleid": ["PVEAuditor"],
  "pve-poolid": ["pool/sub"],
  "pve-tokenid": ["root@pam!mcp"],
  "pve-priv": ["VM.Audit", "Sys.Modify"],
  "pve-storage-id": ["local", "local-lvm"],
  "pve-storage-content": ["images", "iso"],
  "pve-tag": ["prod", "a-b"],
  "dns-name": ["host.example.test", "web-01"],
  address: ["192.0.2.1", "host.example.test"],
  ip: ["192.0.2.1", "2001:db8::1"],
  ipv4: ["192.0.2.1"],
  ipv6: ["2001:db8::1"],
  CIDR: ["192.0.2.0/24"],
  CIDRv4: ["192.0.2.0/24"],
  CIDRv6: ["2001:db8::/64"],
  email: ["a@example.test"],
  "mac-addr": ["BC:24:11:00:00:01"],
  "disk-size": ["10G", "512M"],
  "pve-calendar-event": ["daily", "mon..fri 22:00"],
  "pve-replication-job-id": ["100-0"],
  "pve-ha-resource-or-vm-id": ["vm:100", "100"],
  "pve-ha-resource-id": ["vm:100"],
  "pve-fw-protocol-spec": ["tcp"],
  "pve-fw-dport-spec": ["80", "80,443"],
  "pve-fw-sport-spec": ["1024:65535"],
  "pve-fw-addr-spec": ["192.0.2.0/24"],
  "pve-task-status-type": ["ok", "error"],
};

/** Texts that many patterns take; the pattern itself says which. */
const texts = [
  "abc",
  "abcd",
  "abc12345",
  "a1",
  "0",
  "1",
  "10G",
  "+1G",
  "pve1",
  "https://example.test/x",
  "AA:BB:CC:DD",
  Array.from({ length: 32 }, () => "AA").join(":"),
  "0123456789abcdef0123456789abcdef01234567",
  "00:00.0",
  "/mnt/x",
  "vm:100",
  "scsi0",
  "net0",
  "root",
  "65000:1",
];

const pick = <T>(random: Random, list: readonly T[]): T | undefined => list[Math.floor(random.next() * list.length)];

/** A value that the definition allows; undefined where none is known here. */
export function validValue(definition: Definition, random: Random): Value | undefined {
  if (typeof definition === "string" && samples[definition] !== undefined) return pick(random, samples[definition]);
  const shape = shapeOf(definition);
  switch (shape.kind) {
    case "boolean":
      return pick(random, ["0", "1"]);
    case "integer":
    case "number": {
      const least = Math.ceil(shape.least ?? 0);
      return random.between(least, Math.floor(shape.most ?? least + 1000));
    }
    case "enum":
      return String(pick(random, shape.members));
    case "array": {
      const item = validValue(shape.element, random);
      return item === undefined || Array.isArray(item) ? undefined : [String(item)];
    }
    case "string":
      return validText(shape, random);
  }
}

interface TextShape {
  formats: readonly string[];
  pattern?: string;
  least?: number;
  most?: number;
}

function validText({ formats, pattern, least = 1, most = 4096 }: TextShape, random: Random): string | undefined {
  const [format, ...more] = formats;
  if (more.length > 0) return undefined;
  const known =
    format === undefined ? [...texts, "x".repeat(Math.max(least, 1))] : samples[format.replace(/-list$/, "")];
  const expression = new RegExp(pattern ?? "");
  return pick(
    random,
    (known ?? []).filter((text) => expression.test(text) && text.length >= least && text.length <= most),
  );
}

/** Everything required, and some of the rest; undefined where a required value isn't known here. */
export function validRequest(endpoint: Endpoint, random: Random): Map<string, Value> | undefined {
  const request = new Map<string, Value>();
  for (const parameter of endpoint.parameters.values()) {
    const wanted = parameter.required || (isFree(parameter) && random.next() < 0.3);
    if (!wanted) continue;
    const value = validValue(parameter.definition, random);
    if (value !== undefined) request.set(parameter.name.replace("[n]", "0"), value);
    else if (parameter.required) return undefined;
  }
  return request;
}

/** Needs nothing else, and is allowed always. */
const isFree = ({ requires, only, since }: Parameter) =>
  requires === undefined && only === undefined && since !== "9.2";

export interface Fault {
  /** The name under which the complaint has to come. */
  name: string;
  request: Map<string, Value>;
}

/** The request with one fault each: a name too many, one too few, one value of the wrong kind, size or choice. */
export function faultsOf(endpoint: Endpoint, request: ReadonlyMap<string, Value>): Fault[] {
  const faults: Fault[] = [];
  const withValue = (name: string, value: Value) =>
    faults.push({ name, request: new Map([...request, [name, value]]) });
  if (!endpoint.additional) withValue("no-such-parameter", "1");
  for (const [name, parameter] of endpoint.parameters) {
    if (parameter.required) {
      const without = new Map(request);
      without.delete(name);
      faults.push({ name, request: without });
    }
    if (!request.has(name)) continue;
    const wrong = wrongValue(parameter.definition);
    if (wrong !== undefined) withValue(name, wrong);
  }
  return faults;
}

function wrongValue(definition: Definition): Value | undefined {
  const shape = shapeOf(definition);
  if (shape.kind === "boolean") return "maybe";
  if (shape.kind === "integer" || shape.kind === "number") {
    return shape.most === undefined ? "abc" : String(shape.most + 1);
  }
  if (shape.kind === "enum") return "no such member";
  if (shape.kind === "string" && shape.most !== undefined && shape.formats.length === 0)
    return "x".repeat(shape.most + 1);
  return undefined;
}
