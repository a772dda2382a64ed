// Owns the form of a UPID: node, process, start, type, id and user of a task (facts 28).

/** What a UPID says about its task. */
export interface UpidParts {
  node: string;
  /** Seconds since 1970. */
  startTime: number;
  /** The worker's type, such as `qmstart`. */
  type: string;
  /** What it works on, such as a vmid; may be empty. */
  id: string;
  /** `user@realm` or `user@realm!token`. */
  user: string;
}

const FORM =
  /^UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,16}:([0-9A-Fa-f]{8}):([^:\s/]+):([^:\s/]*):([^:\s/]+):$/;

/** Whether a value is a UPID, with a user (`root@pam`) or a token (`root@pam!name`) in it. */
export function isUpid(value: unknown): value is string {
  return typeof value === "string" && FORM.test(value);
}

/** The parts of a UPID; undefined where the text is none. */
export function parseUpid(text: string): UpidParts | undefined {
  const [, node = "", start = "", type = "", id = "", user = ""] = FORM.exec(text) ?? [];
  return node === "" ? undefined : { node, startTime: Number.parseInt(start, 16), type, id, user };
}
