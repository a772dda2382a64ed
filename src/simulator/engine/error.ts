// The one error that a domain throws: PVE's HTTP status, its text and, at a 400, the text per parameter.

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly errors: Readonly<Record<string, string>> | undefined;

  /** The reason phrase says it all; the body is empty. */
  readonly bare: boolean;

  constructor(status: number, text: string, errors?: Readonly<Record<string, string>>, bare = false) {
    super(text);
    this.bare = bare;
    this.status = status;
    this.errors = errors;
  }
}

/** A plain `die` in PVE: status 500 and the text (facts 4). */
export function failure(text: string): ApiError {
  return new ApiError(500, text);
}

/** A 400 with the texts per parameter (facts 3). */
export function invalid(errors: Readonly<Record<string, string>>): ApiError {
  return new ApiError(400, "Parameter verification failed.", errors);
}

/** A 403 (facts 6): with path and privileges, with a reason, or bare. */
export function denied(what?: string): ApiError {
  return new ApiError(403, what === undefined ? "Permission check failed" : `Permission check failed (${what})`);
}
