/** A setting that is a secret: it prints as `[secret]` everywhere, and leaves only by being opened. */
export class SecretSetting {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  open(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  /** What `console.log` shows; named without `node:util`, as settings import nothing of Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
