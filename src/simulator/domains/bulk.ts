// A node's guests all at once: startall, stopall, suspendall, migrateall. The task starts one task a guest and tells its name (facts 51).
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { Params } from "../engine/params.ts";
import type { Guest } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { disksOf, onSharedStorage } from "../guests/copy.ts";
import { readProperties } from "../guests/properties.ts";
import { guestMigrate } from "./guest-migrate.ts";
import { power } from "./guest-power.ts";
import { guestSuspend } from "./guest-suspend.ts";

const word = ({ type }: Guest) => (type === "qemu" ? "VM" : "CT");

/** The privilege on `/`, or on each of the guests that are named. */
function checkEach({ caller, params }: Call, ...privileges: string[]): void {
  const named = params.list("vms");
  if (caller.can("/", privileges) || named.length === 0) caller.check("/", privileges);
  else for (const vmid of named) caller.check(`/vms/${vmid}`, privileges);
}

/** The guests of the node that are meant, templates aside, in the order in which they start. */
function meant(call: Call): Guest[] {
  const named = call.params.list("vms");
  return call.cluster
    .guests()
    .filter((guest) => guest.node === call.node && guest.config.values.template !== "1")
    .filter(({ vmid }) => named.length === 0 || named.includes(String(vmid)))
    .sort((one, other) => orderOf(one) - orderOf(other));
}

const orderOf = ({ config }: Guest) =>
  Number(readProperties(config.values.startup ?? "", "order").order ?? Number.MAX_SAFE_INTEGER);

/** Starts what a call for the guest alone would start; how it ends isn't told. What PVE refuses at once is one line. */
function* forGuest(call: Call, worker: Worker, guest: Guest, handler: Handler, values: Record<string, string>): Work {
  try {
    const params = new Params({ node: call.node, vmid: String(guest.vmid), ...values });
    const upid = handler({ ...call, params });
    if (typeof upid === "string") yield* worker.ended(upid);
  } catch (problem) {
    worker.log(problem instanceof Error ? problem.message : String(problem));
  }
}

/** One of the tasks: which guests it takes, the line that it says of each, and what is called for it. */
function forAll(
  type: string,
  takes: (guest: Guest, call: Call) => boolean,
  line: (guest: Guest, call: Call) => string,
  each: (guest: Guest, call: Call) => [Handler, Record<string, string>],
  reverse = false,
): Handler {
  return (call) => {
    checkEach(call, "VM.PowerMgmt");
    return call.cluster.fork(call.caller, call.node, type, "", function* (worker) {
      const guests = meant(call).filter((guest) => takes(guest, call));
      for (const guest of reverse ? guests.reverse() : guests) {
        worker.log(line(guest, call));
        const [handler, values] = each(guest, call);
        yield* forGuest(call, worker, guest, handler, values);
      }
    });
  };
}

const startAll = forAll(
  "startall",
  (guest, { params }) => guest.process === undefined && (params.flag("force") || guest.config.values.onboot === "1"),
  (guest) => `Starting ${word(guest)} ${guest.vmid}`,
  ({ type }) => [power.start(type), {}],
);

const timeoutOf = ({ config }: Guest, { params }: Call) =>
  params.text("timeout") ?? readProperties(config.values.startup ?? "", "order").down ?? "180";

const stopAll = forAll(
  "stopall",
  (guest) => guest.process !== undefined,
  (guest, call) => `Stopping ${word(guest)} ${guest.vmid} (timeout = ${timeoutOf(guest, call)} seconds)`,
  (guest, call) => {
    const force = call.params.has("force-stop") && !call.params.flag("force-stop") ? "0" : "1";
    return [power.shutdown(guest.type), { forceStop: force, timeout: timeoutOf(guest, call) }];
  },
  true,
);

const nothing: Handler = () => null;

/** To disk; containers can't. */
const suspendAll = forAll(
  "suspendall",
  ({ type, process }) => type === "qemu" && process !== undefined,
  (guest) => `Suspending VM ${guest.vmid}`,
  () => [guestSuspend["POST /nodes/{node}/qemu/{vmid}/status/suspend"] ?? nothing, { todisk: "1" }],
);

function migrateAll(call: Call): string {
  const { cluster, caller, node, params } = call;
  checkEach(call, "VM.Migrate");
  const target = params.need("target");
  if (target === node) throw invalid({ target: "target is local node." });
  if (cluster.state.nodes[target] === undefined) throw failure(`no such cluster node '${target}'`);
  const workers = params.number("max-workers") ?? params.number("maxworkers") ?? cluster.state.options.max_workers;
  if (workers === undefined)
    throw failure("either 'max-workers' parameter or max_workers in datacenter.cfg must be set!");
  return cluster.fork(caller, node, "migrateall", "", function* (worker) {
    const guests = meant(call);
    if (guests.length === 0) {
      worker.log("no virtual guests matched, nothing to do..");
      return;
    }
    for (const guest of guests) yield* leave(call, worker, guest, target);
    worker.log(`All jobs finished, used ${Math.min(Number(workers), guests.length)} workers in total.`);
  });
}

function* leave(call: Call, worker: Worker, guest: Guest, target: string): Work {
  const { cluster, params } = call;
  const live = guest.process !== undefined;
  const along = params.flag("with-local-disks");
  if (guest.type === "qemu") {
    const local = disksOf(cluster, guest, guest.config.values).filter(
      ({ volume }) => !onSharedStorage(cluster, volume),
    );
    if (live && !along && local.length > 0) {
      worker.log(`skip VM ${guest.vmid} - precondition check failed:`);
      worker.log(`  Has local disks: ${local.map(({ volume }) => volume.volid).join(", ")}`);
      return;
    }
    worker.log(`Check VM ${guest.vmid}: precondition check passed`);
  }
  worker.log(`Migrating ${word(guest)} ${guest.vmid}`);
  const handler = guestMigrate[`POST /nodes/{node}/${guest.type}/{vmid}/migrate`] ?? nothing;
  const how: Record<string, string> =
    guest.type === "qemu" ? { online: live ? "1" : "0" } : live ? { restart: "1" } : {};
  yield* forGuest(call, worker, guest, handler, { target, ...how, ...(along ? { "with-local-disks": "1" } : {}) });
}

export const bulk: Handlers = {
  "POST /nodes/{node}/startall": startAll,
  "POST /nodes/{node}/stopall": stopAll,
  "POST /nodes/{node}/suspendall": suspendAll,
  "POST /nodes/{node}/migrateall": migrateAll,
};
