// Workers: what PVE forks for a task. A body yields the milliseconds that its next step takes; nothing here uses timers.
import { ApiError } from "./error.ts";
import type { Task } from "./state.ts";

/** A task's body: yields the milliseconds that pass, throws what becomes the exit text. */
export type Work = Generator<number, void, void>;

/** What a body may do with its task. */
export interface Worker {
  readonly upid: string;
  log(...lines: string[]): void;
  /** A line that counts: the task then ends as `WARNINGS: n` (facts 29). */
  warn(line: string): void;
  /** Runs the steps under a guest's or storage's lock; waits for it, 10 s unless told (facts 34). */
  locked(lock: string, steps: () => Work, wait?: number): Work;
  /** Waits until another task has ended. */
  ended(upid: string): Work;
}

/** Thrown into a body that is stopped from outside (facts 33). */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** The end of a task that was killed before it could say anything: no last line in its log (facts 56). */
const killed = "unexpected status";

export function unexpectedEnd(): Error {
  return new Error(killed);
}

interface Running {
  task: Task;
  worker: Worker;
  work: Work;
  due: number;
  warnings: number;
}

/** How long PVE waits for a lock, and how often it looks. */
const lockWait = 10_000;
const lockStep = 100;
/** From the fork to the first step: a UPID is handed out before its task can fail (facts 28). */
const forkTime = 80;

export class Workers {
  private readonly running: Running[] = [];
  /** Until when each lock is held; Infinity while something works under it. */
  private readonly locks = new Map<string, number>();
  private at: number | undefined;
  private readonly clock: () => number;
  private readonly speed: number;

  constructor(clock: () => number, speed: number) {
    this.clock = clock;
    this.speed = speed;
  }

  /** The time: the clock's, or while a task's step runs the moment at which it is due. */
  now(): number {
    return this.at ?? this.clock();
  }

  private isHeld(lock: string): boolean {
    return (this.locks.get(lock) ?? 0) > this.now();
  }

  /** Keeps a lock for so many milliseconds, as something outside of all tasks does. */
  hold(lock: string, ms: number): void {
    this.locks.set(lock, this.now() + ms / this.speed);
  }

  /** Takes a lock for something that isn't a task; returns how to give it back, or nothing when it is held. */
  tryLock(lock: string): (() => void) | undefined {
    if (this.isHeld(lock)) return undefined;
    this.locks.set(lock, Number.POSITIVE_INFINITY);
    return () => this.locks.delete(lock);
  }

  start(task: Task, body: (worker: Worker) => Work): void {
    const worker: Worker = {
      upid: task.upid,
      log: (...lines) => task.log.push(...lines),
      warn: (line) => {
        entry.warnings += 1;
        task.log.push(`WARN: ${line}`);
      },
      locked: (lock, steps, wait) => this.locked(task, lock, steps, wait ?? lockWait),
      ended: (upid) => this.ended(entry, upid),
    };
    const due = this.now() + forkTime / this.speed;
    const entry: Running = { task, worker, work: body(worker), due, warnings: 0 };
    this.running.push(entry);
  }

  /** Puts other steps in the place of a running task's own. */
  replace(upid: string, change: (work: Work, worker: Worker) => Work): void {
    const entry = this.running.find((candidate) => candidate.task.upid === upid);
    if (entry !== undefined) entry.work = change(entry.work, entry.worker);
  }

  /** Runs every step that is due by now, in the order of time. */
  settle(): void {
    if (this.at !== undefined) return;
    const limit = this.clock();
    for (let entry = this.next(limit); entry !== undefined; entry = this.next(limit)) {
      this.at = entry.due;
      try {
        this.step(entry);
      } finally {
        this.at = undefined;
      }
    }
  }

  stop(upid: string): void {
    const entry = this.running.find((candidate) => candidate.task.upid === upid);
    if (entry === undefined) return;
    this.advance(entry, () => entry.work.throw(new Interrupted("received interrupt")));
  }

  private next(limit: number): Running | undefined {
    let first: Running | undefined;
    for (const entry of this.running) {
      if (entry.due <= limit && (first === undefined || entry.due < first.due)) first = entry;
    }
    return first;
  }

  private step(entry: Running): void {
    this.advance(entry, () => entry.work.next());
  }

  private advance(entry: Running, go: () => IteratorResult<number, void>): void {
    try {
      const result = go();
      if (result.done === true) this.finish(entry, entry.warnings === 0 ? "OK" : `WARNINGS: ${entry.warnings}`);
      else entry.due = this.now() + result.value / this.speed;
    } catch (problem) {
      this.finish(entry, exitText(problem));
    }
  }

  /** The last line of the log and the exit status (facts 29, 32): the status is one line, the log keeps them all. */
  private finish(entry: Running, text: string): void {
    const { task } = entry;
    this.running.splice(this.running.indexOf(entry), 1);
    if (text === "OK") task.log.push("TASK OK");
    else if (text.startsWith("WARNINGS: ")) task.log.push(`TASK ${text}`);
    else if (text !== killed) task.log.push(...`TASK ERROR: ${text}`.split("\n"));
    task.exitstatus = text.trimEnd().replaceAll("\n", " ");
    task.endtime = Math.floor(this.now() / 1000);
  }

  /** Looks again each half second; whoever waits comes after what it waits for, even where no time passes. */
  private *ended(entry: Running, upid: string): Work {
    while (this.running.some(({ task }) => task.upid === upid)) {
      this.running.push(...this.running.splice(this.running.indexOf(entry), 1));
      yield 500;
    }
  }

  private *locked(task: Task, lock: string, steps: () => Work, wait: number): Work {
    if (this.isHeld(lock)) {
      task.log.push("trying to acquire lock...");
      const limit = this.now() + wait / this.speed;
      while (this.isHeld(lock)) {
        if (this.now() >= limit) throw new Error(lockTimeout(lock));
        yield lockStep;
      }
      task.log.push(" OK");
    }
    this.locks.set(lock, Number.POSITIVE_INFINITY);
    try {
      yield* steps();
    } finally {
      // a time that was set meanwhile goes on
      if (this.locks.get(lock) === Number.POSITIVE_INFINITY) this.locks.delete(lock);
    }
  }
}

/** A 400 inside a task is its text and a line per parameter. */
function exitText(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const errors = problem instanceof ApiError ? problem.errors : undefined;
  if (errors === undefined) return problem.message;
  const lines = Object.entries(errors).map(([name, text]) => `${name}: ${text.trimEnd()}`);
  return ["400 Parameter verification failed.", ...lines].join("\n");
}

export function lockTimeout(lock: string): string {
  return `can't lock file '${lock}' - got timeout`;
}
