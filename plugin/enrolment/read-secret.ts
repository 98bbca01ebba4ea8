import { decodeBase32, encodeBase32 } from "./base32.ts";
import { trimPaste } from "./clean-text.ts";
import { type Warning, warn } from "./enrolment-entry.ts";
import { type Refusal, refuse } from "./refusals.ts";

/** Blanks, hyphens of every kind and zero-width marks: how sites and people group a key. */
const separators =
  /[\s\-\u2010-\u2015\u2212\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** Lower case is named too: `toUpperCase` would turn some letters outside ASCII into these. */
const base32 = /^[A-Za-z2-7]+$/;
const hex = /^(?:0x)?[0-9a-f]{20,}$/i;
const hexWithin32 = /^[A-Fa-f2-7]{20,}$/;

/** Fewer bits than this are no key but a part of one. 80 is what the first authenticators used. */
const fewestBytes = 10;
/** RFC 4226 section 4, R6: at least 128 bits. */
const expectedBytes = 16;
/** The block of SHA-512: RFC 2104 hashes longer keys down, and no service issues them. */
const mostBytes = 128;
const mostLetters = Math.ceil((mostBytes * 8) / 5);

/** `secret` is upper-case base32 without padding (RFC 4648), 10 to 128 bytes. */
export interface SecretReading {
  readonly kind: "secret";
  readonly secret: string;
  readonly warnings: readonly Warning[];
}

/**
 * Reads a bare key as people paste it: lower case, in groups, with hyphens or padding. A bare key is base32;
 * hexadecimal is refused when its digits show that it is.
 *
 * Refuses with secret_missing, secret_not_base32, secret_confusable, secret_looks_hex, secret_too_short,
 * secret_too_long.
 *
 * @example readSecret("jbsw y3dp ehpk 3pxp") // { kind: "secret", secret: "JBSWY3DPEHPK3PXP", … }
 */
export function readSecret(text: string): SecretReading | Refusal {
  const letters = withoutPadding(trimPaste(text).replace(separators, ""));
  if (letters === "") return refuse("secret_missing");
  if (!base32.test(letters)) {
    if (hex.test(letters)) return refuse("secret_looks_hex");
    return refuse(/^[A-Za-z0-9]+$/.test(letters) ? "secret_confusable" : "secret_not_base32");
  }
  if (letters.length > mostLetters) return refuse("secret_too_long");
  const reading = judgeBytes(decodeBase32(letters.toUpperCase()));
  if (reading.kind === "refused") return reading;
  const doubts = [
    ...(hasImpossibleLength(letters) ? [warn("secret_odd_length")] : []),
    ...(hexWithin32.test(letters) ? [warn("secret_may_be_hex")] : []),
  ];
  return { ...reading, warnings: [...reading.warnings, ...doubts] };
}

/** The same for a key that came as bytes. */
export const readSecretBytes = (bytes: Uint8Array): SecretReading | Refusal =>
  bytes.length === 0 ? refuse("secret_missing") : judgeBytes(bytes);

function judgeBytes(bytes: Uint8Array): SecretReading | Refusal {
  if (bytes.length < fewestBytes) return refuse("secret_too_short");
  if (bytes.length > mostBytes) return refuse("secret_too_long");
  const warnings = bytes.length < expectedBytes ? [warn("weak_secret")] : [];
  return { kind: "secret", secret: encodeBase32(bytes), warnings };
}

/** RFC 4648 section 6: the last group has 2, 4, 5, 7 or 8 letters. */
const hasImpossibleLength = (letters: string): boolean => [1, 3, 6].includes(letters.length % 8);

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === "=") end--;
  return text.slice(0, end);
}
