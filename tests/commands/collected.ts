// A stdout that keeps what is written to it.
import { Writable } from "node:stream";

export function collected(): { stdout: Writable; text: () => string } {
  const chunks: string[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stdout, text: () => chunks.join("") };
}
