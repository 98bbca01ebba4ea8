import { createHmac } from "node:crypto";

interface Parameters {
  readonly algorithm: "SHA1" | "SHA256" | "SHA512";
  readonly digits: number;
  readonly period: number;
}

/** RFC 4226 section 5.3 and RFC 6238 section 4.2, implemented a second time, without any code of the server. */
export function independentHotp(
  base32: string,
  { algorithm, digits }: Omit<Parameters, "period">,
  counter: number,
): string {
  let bits = "";
  for (const letter of base32)
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac(algorithm.toLowerCase(), key).update(message).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

export const independentCode = (base32: string, parameters: Parameters, at: Date): string =>
  independentHotp(base32, parameters, Math.floor(at.getTime() / 1000 / parameters.period));
