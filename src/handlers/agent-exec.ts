// Owns a command in a VM through the guest agent: started as words, asked for until it has ended, never told as done before.
import type { PveAnswer } from "../pve/client.ts";
import { wordsOf } from "../toolkit/command.ts";
import type { Perform, Present } from "../toolkit/operation.ts";
import { createOutput } from "../toolkit/output.ts";
import { guestName, isRow } from "../toolkit/present.ts";
import { finishedAnswer } from "./command-answer.ts";

/** Starts the command and waits for its end. The answer's data is exec-status's, with the pid. */
export const execute: Perform = async (acting) => {
  const { command, args, node, vmid } = acting.values;
  const words = wordsOf(
    { command: String(command), ...(Array.isArray(args) ? { args: args.map(String) } : {}) },
    acting.unsafeCommands,
  );
  acting.commanded(words);
  const input = acting.values["input-data"];
  const place = { node, vmid };
  const { data } = await acting.send("POST /nodes/{node}/qemu/{vmid}/agent/exec", {
    ...place,
    command: words,
    ...(input === undefined ? {} : { "input-data": input }),
  });
  const pid = isRow(data) ? Number(data.pid) : Number.NaN;
  const limit = acting.now() + Number(acting.values.timeout ?? 600) * 1000;
  const end = await acting.until(async () => {
    const status = await acting.read("GET /nodes/{node}/qemu/{vmid}/agent/exec-status", {
      node: String(node),
      vmid: Number(vmid),
      pid,
    });
    const isOver = isRow(status.data) && Number(status.data.exited) === 1;
    return isOver || acting.now() >= limit ? status : undefined;
  });
  return withPid(end, pid);
};

function withPid(answer: PveAnswer | undefined, pid: number): PveAnswer {
  return { data: { ...(isRow(answer?.data) ? answer.data : { exited: 0 }), pid } };
}

/** The end of a command, or that it still runs. */
export const ended: Present = (data, ground) => {
  const row = isRow(data) ? data : {};
  const pid = Number(row.pid ?? ground.values.pid);
  const where = guestName(ground);
  if (Number(row.exited) !== 1) {
    return {
      outcome: "running",
      record: { pid },
      summary: `The command still runs in ${where}`,
      notes: [`PVE's agent can't end it. operation=status with pid=${pid} fetches its end and its output, once.`],
    };
  }
  // PVE always captures the output; whoever doesn't want it isn't shown it
  const isWanted = ground.values["capture-output"] !== false;
  const captured = (name: string) => outputFrom(isWanted ? row[name] : undefined);
  const [stdout, stderr] = [captured("out-data"), captured("err-data")];
  const { exitcode, signal } = row;
  const cut = [row["out-truncated"], row["err-truncated"]].some((flag) => Number(flag) === 1 || flag === true);
  return {
    ...finishedAnswer(
      {
        stdout,
        stderr,
        ...(exitcode === undefined || exitcode === null ? {} : { exitcode: Number(exitcode) }),
        ...(signal === undefined || signal === null ? {} : { signal: Number(signal) }),
      },
      where,
    ),
    ...(cut ? { notes: ["The guest agent itself has cut the output."] } : {}),
  };
};

function outputFrom(text: unknown) {
  const output = createOutput();
  if (typeof text === "string") output.push(new TextEncoder().encode(text));
  return output;
}
