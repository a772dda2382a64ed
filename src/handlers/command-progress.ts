// Owns how a running command's output is told as it comes: the newest line, a few times a second and not with every piece.

export interface Progress {
  push(piece: Uint8Array): void;
  /** Tells nothing any more. */
  end(): void;
}

/** Milliseconds between two lines. */
const pause = 300;
/** Characters of a line. */
const longest = 200;

export function createProgress(tell: (line: string) => void): Progress {
  let newest: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tellNewest = (): void => {
    timer = undefined;
    if (newest === undefined) return;
    tell(newest);
    newest = undefined;
    timer = setTimeout(tellNewest, pause);
    timer.unref?.();
  };

  return {
    push(piece) {
      newest = lastLine(piece) ?? newest;
      if (!timer) tellNewest();
    },
    end() {
      clearTimeout(timer);
      newest = undefined;
    },
  };
}

/** The last line of a piece; what stands before its last characters isn't looked at, and no half character is shown. */
function lastLine(piece: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(piece.subarray(-4 * longest)).replace(/^\ufffd+|\ufffd+$/g, "");
  const line = text
    .trimEnd()
    .split(/[\r\n]/)
    .at(-1)
    ?.trim();
  return line ? line.slice(0, longest) : undefined;
}
