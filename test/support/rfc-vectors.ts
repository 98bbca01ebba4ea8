const ascii = (text: string, length: number): Uint8Array => Buffer.from(text.repeat(7).slice(0, length));
const digits = "1234567890";

/** RFC 6238 appendix B: time in seconds, and the 8-digit code under each hash with its own shared secret. */
export const rfc6238Secrets = {
  SHA1: ascii(digits, 20),
  SHA256: ascii(digits, 32),
  SHA512: ascii(digits, 64),
} as const;
export const rfc6238Vectors = [
  { time: 59, SHA1: "94287082", SHA256: "46119246", SHA512: "90693936" },
  { time: 1_111_111_109, SHA1: "07081804", SHA256: "68084774", SHA512: "25091201" },
  { time: 1_111_111_111, SHA1: "14050471", SHA256: "67062674", SHA512: "99943326" },
  { time: 1_234_567_890, SHA1: "89005924", SHA256: "91819424", SHA512: "93441116" },
  { time: 2_000_000_000, SHA1: "69279037", SHA256: "90698825", SHA512: "38618901" },
  { time: 20_000_000_000, SHA1: "65353130", SHA256: "77737706", SHA512: "47863826" },
] as const;

/** RFC 4226 appendix D: counters 0 to 9. */
export const rfc4226Codes = [
  "755224",
  "287082",
  "359152",
  "969429",
  "338314",
  "254676",
  "287922",
  "162583",
  "399871",
  "520489",
] as const;
