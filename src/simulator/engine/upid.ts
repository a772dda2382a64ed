// UPIDs: the names of tasks, written and read (facts 28).

export interface UpidParts {
  node: string;
  pid: number;
  pstart: number;
  starttime: number;
  type: string;
  id: string;
  /** `root@pam` or `root@pam!mcp`. */
  user: string;
}

const upidPattern =
  /^UPID:([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\s]+):([^:\s]*):([^:\s]+):$/;

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");

export function writeUpid(parts: UpidParts): string {
  const numbers = `${hex(parts.pid, 8)}:${hex(parts.pstart, 8)}:${hex(parts.starttime, 8)}`;
  return `UPID:${parts.node}:${numbers}:${parts.type}:${parts.id}:${parts.user}:`;
}

export function readUpid(text: string): UpidParts | undefined {
  const found = upidPattern.exec(text);
  if (found === null) return undefined;
  const [, node = "", , pid = "", pstart = "", starttime = "", type = "", id = "", user = ""] = found;
  return {
    node,
    pid: Number.parseInt(pid, 16),
    pstart: Number.parseInt(pstart, 16),
    starttime: Number.parseInt(starttime, 16),
    type,
    id,
    user,
  };
}
