import { createHmac, createSecretKey } from "node:crypto";
import { HOTP, Secret } from "otpauth";

export type TotpAlgorithm = "SHA1" | "SHA256" | "SHA512";

/** What both sides agreed on besides the shared secret. `period` is in seconds. */
export interface TotpParameters {
  readonly algorithm: TotpAlgorithm;
  readonly digits: number;
  readonly period: number;
}

/** What an agent user gets: the parameters every authenticator understands. */
export const defaultTotp: TotpParameters = { algorithm: "SHA1", digits: 6, period: 30 };

/** The integer time step T with T0 = 0 (RFC 6238 section 4.2). */
export const counterAt = (time: Date, period: number): number => Math.floor(time.getTime() / 1000 / period);

/** Whole seconds the code of this moment still lasts: 1 to period, never 0. */
export const secondsLeft = (time: Date, period: number): number => {
  const elapsed = Math.floor(time.getTime() / 1000) % period;
  return period - elapsed;
};

/** The same HMAC as the package's own, with the key as a KeyObject: Node makes it five times faster. */
const hmac = (algorithm: string, key: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac(algorithm, createSecretKey(key)).update(message).digest();

/** The code of one time step, with leading zeros. Pure: time is an argument. */
export function generateCode(
  secret: Uint8Array,
  parameters: Pick<TotpParameters, "algorithm" | "digits">,
  counter: number,
): string {
  const buffer = secret.buffer.slice(secret.byteOffset, secret.byteOffset + secret.byteLength) as ArrayBuffer;
  const copy = new Secret({ buffer });
  try {
    return HOTP.generate({
      secret: copy,
      algorithm: parameters.algorithm,
      digits: parameters.digits,
      counter,
      hmac,
    });
  } finally {
    copy.bytes.fill(0);
  }
}
