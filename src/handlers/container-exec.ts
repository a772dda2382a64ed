// Owns a command in a container: `pct exec` on the node that holds it, over SSH, since PVE has no API for it.
import { shellWordsOf } from "../toolkit/command.ts";
import type { Acting, Perform, Present } from "../toolkit/operation.ts";
import { createOutput } from "../toolkit/output.ts";
import { guestName, isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import type { CommandEnd } from "../toolkit/shell.ts";
import { type Finished, finishedAnswer, outputOf } from "./command-answer.ts";
import { createProgress } from "./command-progress.ts";

/** Seconds for a command when the call doesn't say. */
const usual = 30;

const unset =
  "commands in containers go over SSH, which is not enabled: set PROXMOX_SSH_ENABLED=true, PROXMOX_SSH_KEY_PATH, and the host " +
  "key in PROXMOX_SSH_HOST_KEY_FINGERPRINT or PROXMOX_SSH_KNOWN_HOSTS";

/** What became of a command, for `present`. */
interface Ran {
  readonly end: CommandEnd;
  readonly output: Pick<Finished, "stdout" | "stderr">;
}

/** Runs the command; the container must be running, which PVE is asked first. */
export const runInContainer: Perform = async (acting) => {
  const { command, args, timeout = usual, input, node, vmid } = acting.values;
  const words = shellWordsOf(
    { command: String(command), ...(Array.isArray(args) ? { args: args.map(String) } : {}) },
    acting.unsafeCommands,
  );
  if (!acting.shell) throw new Refusal(unset);
  const [name, id] = [String(node), Number(vmid)];
  const { data } = await acting.read("GET /nodes/{node}/lxc/{vmid}/status/current", { node: name, vmid: id });
  if (isRow(data) && data.status !== "running") throw new Refusal(`container ${id} is ${data.status}: start it first`);
  const address = await addressOf(acting, name);
  const output = { stdout: createOutput(), stderr: createOutput() };
  acting.commanded(words);
  const progress = createProgress(acting.progress);
  const running = acting.shell.run(
    {
      node: name,
      vmid: id,
      words: surrounded(words, acting),
      seconds: Number(timeout),
      ...(address === undefined ? {} : { address }),
      ...(input === undefined ? {} : { input: String(input) }),
    },
    {
      ...(acting.signal && { signal: acting.signal }),
      onOutput(stream, piece) {
        output[stream].push(piece);
        progress.push(piece);
      },
    },
  );
  const end = await running.finally(progress.end);
  const ran: Ran = { end, output };
  return { data: ran };
};

/** The node's address as the cluster says; nothing where it has a single node, which PROXMOX_SSH_HOST is. */
async function addressOf(acting: Acting, node: string): Promise<string | undefined> {
  const { data } = await acting.read("GET /cluster/status", {});
  const nodes = (Array.isArray(data) ? data.filter(isRow) : []).filter(({ type }) => type === "node");
  const ip = nodes.find(({ name }) => name === node)?.ip;
  return nodes.length > 1 && typeof ip === "string" ? ip : undefined;
}

/** The words with the environment, the folder and the user around them, none of which a shell takes apart. */
function surrounded(words: readonly string[], { values }: Acting): string[] {
  const { cwd, env, user } = values;
  let all = [...words];
  if (env !== undefined) all = ["env", ...environment(String(env)), ...all];
  if (cwd !== undefined) all = ["/bin/sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", String(cwd), ...all];
  return user === undefined ? all : ["su", "-s", "/bin/sh", String(user), "-c", all.map(quoted).join(" ")];
}

/** @throws Refusal for a name that no environment has */
function environment(json: string): string[] {
  const given: unknown = JSON.parse(json);
  return Object.entries(isRow(given) ? given : {}).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Refusal(`env: ${JSON.stringify(name)} is no variable's name`);
    return `${name}=${String(value)}`;
  });
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** The end of a command: its own, ours, or none that is known. */
export const ranInContainer: Present = (data, ground) => {
  if (!isRan(data)) return {};
  const { end, output } = data;
  const where = guestName(ground);
  switch (end.ended) {
    case "code":
      return { ...finishedAnswer({ ...output, exitcode: end.code }, where), ...(end.lingers && left) };
    case "signal":
      return { ...finishedAnswer({ ...output, signal: end.signal }, where), ...(end.lingers && left) };
    case "timeout":
    case "cancelled": {
      const why = end.ended === "timeout" ? "It ran longer than its timeout" : "The call was cancelled";
      const done = end.reached
        ? `${why}, and it was ended, itself and its children.`
        : `${why}; that it was ended could not be confirmed: look on node ${ground.values.node} (\`pct exec ${ground.values.vmid} -- ps\`).`;
      return {
        ...outputOf(output),
        outcome: "failed",
        kind: "command",
        summary: `The command in ${where} was ended`,
        notes: [done],
      };
    }
    case "broken":
      return {
        ...outputOf(output),
        outcome: "failed",
        kind: "unknown-fate",
        summary: `The connection broke while the command ran in ${where}`,
        reason: [`${end.why}. It is not known whether the command goes on.`],
      };
  }
};

const left = {
  notes: [
    "A process that it started goes on in the container and holds its output open; what it writes isn't waited for.",
  ],
};

function isRan(data: unknown): data is Ran {
  return isRow(data) && isRow(data.end) && isRow(data.output);
}
