// The running cluster: the state, its time, its workers and its source of chance. What every handler works on.
import type { Caller } from "./caller.ts";
import type { SimulatorClock } from "./clock.ts";
import { failure, invalid } from "./error.ts";
import type { Random } from "./random.ts";
import type { ClusterState, Guest, GuestType, Node, Storage, Task } from "./state.ts";
import { readUpid, writeUpid } from "./upid.ts";
import { lockTimeout, type Work, type Worker, Workers } from "./worker.ts";

export interface ClusterParts {
  state: ClusterState;
  clock: SimulatorClock;
  random: Random;
  speed: number;
}

/** How long a synchronous call waits for a guest's lock (facts 34), ms. */
const lockWait = 10_000;

export class Cluster {
  readonly state: ClusterState;
  readonly random: Random;
  readonly workers: Workers;
  private key: string | undefined;
  private readonly clock: SimulatorClock;
  private readonly speed: number;

  constructor(parts: ClusterParts) {
    this.state = parts.state;
    this.random = parts.random;
    this.clock = parts.clock;
    this.speed = parts.speed;
    this.workers = new Workers(() => parts.clock.now(), parts.speed);
  }

  /** What tickets are signed with. Drawn when it is first needed. */
  get ticketKey(): string {
    this.key ??= this.random.hex(64);
    return this.key;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.workers.now();
  }

  /** Seconds since 1970. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Lets simulated time pass, shortened by the speed, and the tasks with it. */
  async wait(ms: number): Promise<void> {
    await this.clock.sleep(ms / this.speed);
    this.workers.settle();
  }

  node(name: string): Node {
    const node = this.state.nodes[name];
    if (node === undefined) throw unknownNode(name);
    return node;
  }

  /** By id: keys that are whole numbers come in their order by themselves. */
  guests(): Guest[] {
    return Object.values(this.state.guests);
  }

  guest(vmid: number): Guest | undefined {
    return this.state.guests[String(vmid)];
  }

  /** The guest of this kind on this node, or PVE's 500 (facts 4). */
  guestOn(node: string, type: GuestType, vmid: number): Guest {
    const guest = this.guest(vmid);
    if (guest === undefined || guest.type !== type || guest.node !== node) throw missingGuest(node, type, vmid);
    return guest;
  }

  storage(id: string): Storage {
    const storage = this.state.storages[id];
    if (storage === undefined) throw failure(`storage '${id}' does not exist`);
    return storage;
  }

  /** Forks a worker: the UPID comes back at once, the body runs as time passes (facts 28). */
  fork(caller: Caller, node: string, type: string, id: string, body: (worker: Worker) => Work): string {
    const task = this.newTask(caller, node, type, id);
    this.state.tasks.unshift(task);
    this.workers.start(task, body);
    return task.upid;
  }

  /** Lets something happen by itself, as a daemon does: steps without a task. */
  background(node: string, steps: () => Work): void {
    const { name } = this.node(node);
    const none = { upid: "", node: name, pid: 0, pstart: 0, starttime: 0, type: "", id: "", user: "", log: [] };
    this.workers.start(none, steps);
  }

  task(upid: string): Task | undefined {
    return this.state.tasks.find((task) => task.upid === upid);
  }

  /** The task of a UPID in a path; a text that is none is a 400. */
  knownUpid(upid: string): Task | undefined {
    if (readUpid(upid) === undefined) throw invalid({ upid: "unable to parse worker upid" });
    return this.task(upid);
  }

  /** Runs something under a guest's lock without a task: waits 10 s for it, then PVE's 500 (facts 34). */
  async underLock<T>(lock: string, action: () => T): Promise<T> {
    const limit = this.now() + lockWait / this.speed;
    for (;;) {
      const release = this.workers.tryLock(lock);
      if (release !== undefined) {
        try {
          return action();
        } finally {
          release();
        }
      }
      if (this.now() >= limit) throw failure(lockTimeout(lock));
      await this.wait(100);
    }
  }

  private newTask(caller: Caller, node: string, type: string, id: string): Task {
    const starttime = this.seconds();
    const pid = this.random.between(1200, 900_000);
    const pstart = Math.max(0, Math.floor((this.now() - this.node(node).bootTime) / 10));
    return {
      upid: writeUpid({ node, pid, pstart, starttime, type, id, user: caller.name }),
      node,
      pid,
      pstart,
      starttime,
      type,
      id,
      user: caller.userid,
      ...(caller.tokenid === undefined ? {} : { tokenid: caller.tokenid }),
      log: [],
    };
  }
}

export function guestLock(type: GuestType, vmid: number): string {
  return type === "qemu" ? `/var/lock/qemu-server/lock-${vmid}.conf` : `/run/lock/lxc/pve-config-${vmid}.lock`;
}

/** PVE's other text for a VM that isn't there: from where it is stopped or cloned. */
export function missingConfig(node: string, vmid: number) {
  return failure(`unable to find configuration file for VM ${vmid} on node '${node}'`);
}

export function missingGuest(node: string, type: GuestType, vmid: number) {
  const folder = type === "qemu" ? "qemu-server" : "lxc";
  return failure(`Configuration file 'nodes/${node}/${folder}/${vmid}.conf' does not exist`);
}

/** PVE looks an unknown node's name up in the DNS (facts 8). */
export function unknownNode(name: string) {
  return failure(
    `hostname lookup '${name}' failed - failed to get address info for: ${name}: Name or service not known`,
  );
}
