// Owns what a check of the doctor finds.

export type State = "ok" | "warning" | "failed";

/** A line of the report. `todo` says what to do; it is there unless all is well. */
export interface Finding {
  readonly check: string;
  readonly state: State;
  readonly text: string;
  readonly todo?: string;
}

/** All that was found, in order, and what was not looked at because something before it failed. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly unchecked: readonly string[];
  /** The pveum lines of a role for exactly the enabled tools, by release of PVE. */
  readonly role?: Readonly<Record<string, readonly string[]>>;
  /** PVE's release, where it is known. */
  readonly release?: string;
  /** Operations that the token can't do as it is, by verdict. */
  readonly operations?: Readonly<Record<string, readonly string[]>>;
}

export const ok = (check: string, text: string): Finding => ({ check, state: "ok", text });

export const warning = (check: string, text: string, todo: string): Finding => ({
  check,
  state: "warning",
  text,
  todo,
});

export const failed = (check: string, text: string, todo: string): Finding => ({ check, state: "failed", text, todo });
