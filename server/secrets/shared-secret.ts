import { randomBytes } from "node:crypto";
import { inspect } from "node:util";

/**
 * The key K that prover and verifier share (RFC 6238). It prints as `[secret]` everywhere; the bytes
 * leave only through `useBytes`, and `wipe` overwrites them.
 */
export class SharedSecret {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** RFC 4226 R6 asks for at least 128 bits and recommends 160; the length fits the hash (RFC 6238 section 5.1). */
  static generate(algorithm: "SHA1" | "SHA256" | "SHA512" = "SHA1"): SharedSecret {
    return new SharedSecret(randomBytes({ SHA1: 20, SHA256: 32, SHA512: 64 }[algorithm]));
  }

  useBytes<T>(use: (bytes: Uint8Array) => T): T {
    return use(this.#bytes);
  }

  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
