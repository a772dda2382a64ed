// What the cluster's nodes find when they fetch a URL: the files that the state knows, or a file of a size that follows from its name.
import { share } from "../engine/random.ts";
import type { ClusterState } from "../engine/state.ts";
import { mebibyte } from "./size.ts";

export type Found =
  | { host: string; size: number; sum(algorithm: string): string | undefined }
  | { host: string; size: undefined }
  | { refused: string };

export function fetchFile(state: ClusterState, url: string): Found {
  const known = state.web?.[url];
  const { hostname, port, protocol } = new URL(url);
  const host = `${hostname}:${port === "" ? (protocol === "https:" ? "443" : "80") : port}`;
  if (known !== undefined) return { host, size: known.size, sum: (algorithm) => known.sums[algorithm] };
  const served = Object.keys(state.web ?? {}).some((other) => new URL(other).host === new URL(url).host);
  if (served) return { host, size: undefined };
  if (/^(?:127\.|localhost$)/.test(hostname))
    return { refused: `Connecting to ${host}... failed: Connection refused.` };
  const size = Math.floor((200 + share(url) * 800) * mebibyte);
  // nobody knows the sum of a file that isn't there: the one that is expected is taken for right
  return { host, size, sum: () => undefined };
}
