// Sizes as PVE writes and reads them in drives and resize requests.

const units: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

export const kibibyte = 1024;
export const mebibyte = 1024 ** 2;
export const gibibyte = 1024 ** 3;

/** `32G` → bytes; undefined for what is no size. */
export function readSize(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text);
  return found === null ? undefined : Math.round(Number(found[1]) * (units[found[2] ?? ""] ?? 1));
}

/** Bytes → the largest unit that divides them without a rest. */
export function writeSize(bytes: number): string {
  for (const unit of ["T", "G", "M", "K"]) {
    const size = units[unit] ?? 1;
    if (bytes > 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}

/** Bytes as task logs show them: `2.0 GiB`. */
export function shownSize(bytes: number): string {
  const steps = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${steps[step]}`;
}
