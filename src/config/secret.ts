// Owns the wrapper that keeps a secret out of logs, JSON and error texts.

const hidden = "[secret]";

/** A value that shows itself only to `reveal()`: printed, logged or put into JSON it reads "[secret]". */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; to be called where it goes on the wire and nowhere else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden;
  }
}
