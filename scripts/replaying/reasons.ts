// Owns why an answer differs from the recorded one: a reason for each group of differences.

export interface Group {
  /** What it says of the difference. */
  reason: string;
  /** Over `METHOD path: what differs`. */
  pattern: RegExp;
}

/** The first that fits counts. */
export const groups: readonly Group[] = [
  { reason: "the endpoint isn't modelled yet", pattern: /is not modelled by the embedded cluster/ },
  {
    reason: "follows from another difference: the object isn't there, or is there still",
    pattern: /does not exist|already exists|no such|No such|not found|is not running|already running|not running/,
  },
  { reason: "HA isn't modelled: managed guests are started and stopped at once", pattern: /\bha(?:start|stop)\b|HA / },
  { reason: "tasks overlapped in the recording, and met at a lock", pattern: /got timeout|is locked|lock/ },
  {
    reason: "a fault of the recorded test bed: a node was cut off, a daemon hung",
    pattern: /59[56]|no quorum|Permission denied/,
  },
  {
    reason: "a field that hangs on the host, or on objects of areas that aren't modelled",
    pattern: /absent: |unknown to PVE: /,
  },
];

export function reasonOf(line: string): string {
  return groups.find(({ pattern }) => pattern.test(line))?.reason ?? "not looked into yet";
}
