// Owns which of several nodes of one cluster is asked: the first that answers, and those that don't are passed over for a while.
import type { Fetch } from "./client.ts";
import type { Clock } from "./clock.ts";
import { PveError } from "./errors.ts";

/** A node of the cluster, and the way to it with its own trust. */
export interface Door {
  /** `https://pve1:8006` */
  readonly base: string;
  readonly fetch: Fetch;
}

/** How long a door that didn't answer is passed over, in milliseconds. */
const PASSED_OVER = 30_000;

/**
 * One function of fetch's shape for all doors; a request's own host is replaced.
 * A write goes on to the next door only when it is certain that nothing was sent. A certificate that is refused is no
 * missing answer: that error is passed on.
 */
export function createDoors(doors: readonly Door[], clock: Clock): Fetch {
  const closedUntil = new Map<Door, number>();
  let last: Door | undefined;

  /** The door that answered last, then the others in order; those that didn't answer come at the end. */
  const order = (): Door[] => {
    const now = clock.now();
    const closed = (door: Door) => ((closedUntil.get(door) ?? Number.NEGATIVE_INFINITY) > now ? 1 : 0);
    return [...doors].sort((a, b) => closed(a) - closed(b) || Number(b === last) - Number(a === last));
  };

  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, headers, signal } = request;
    const streamed = headers.has("content-length");
    const body = request.body === null || streamed ? request.body : await request.arrayBuffer();
    const failures: PveError[] = [];
    for (const door of order()) {
      try {
        const response = await door.fetch(
          new Request(`${door.base}${pathname}${search}`, asked(method, { headers, body, signal })),
        );
        closedUntil.delete(door);
        last = door;
        return response;
      } catch (error) {
        if (!(error instanceof PveError) || !isNoAnswer(error)) throw error;
        closedUntil.set(door, clock.now() + PASSED_OVER);
        if (last === door) last = undefined;
        // A stream can't be begun again here: whoever made it sends it anew, and by then another door comes first.
        if (streamed || (error.sent !== false && method !== "GET")) throw error;
        failures.push(error);
      }
    }
    throw together(failures);
  };
}

const asked = (method: string, more: RequestInit): RequestInit & { duplex: "half" } => ({
  method,
  ...more,
  duplex: "half",
});

const isNoAnswer = ({ kind }: PveError): boolean => kind === "unreachable" || kind === "timeout";

/** The one error for all doors; nothing was sent only if that holds for each. */
function together(failures: readonly PveError[]): PveError {
  const [first] = failures;
  if (first && failures.length === 1) return first;
  const sentence = ["No node of the cluster answers.", ...failures.map((failure) => failure.sentence)].join("\n");
  return new PveError({
    kind: "unreachable",
    sentence,
    next: "Check that PROXMOX_HOST lists nodes of the cluster, and that one of them is up.",
    sent: failures.some(({ sent }) => sent !== false),
  });
}
