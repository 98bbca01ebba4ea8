import type { Refusal, RefusedEntry } from "./refusals.ts";

/** The HMAC's hash, as key URIs write it (RFC 6238 section 1.2). */
export type EnrolmentAlgorithm = "SHA1" | "SHA256" | "SHA512";

/** The login that a password manager stored beside the secret. Nothing in it is changed: a password may hold any character. */
export interface EnrolmentLogin {
  readonly username: string | null;
  readonly password: string | null;
  readonly uris: readonly string[];
}

interface EveryEntry {
  readonly issuer: string | null;
  readonly account: string | null;
  /** What a list shows: `issuer:account`, whichever of the two there is, or "Unnamed". */
  readonly label: string;
  /** RFC 4648 base32, upper case, no padding; 10 to 128 bytes. Secret: never log it. */
  readonly secret: string;
  readonly algorithm: EnrolmentAlgorithm;
  readonly digits: 6 | 8;
  /** The warnings that a person should see before saving the entry. */
  readonly warnings: readonly Warning[];
  readonly login?: EnrolmentLogin;
}

/** `period` in seconds, 1 to 300 (RFC 6238). */
export interface TotpEntry extends EveryEntry {
  readonly type: "totp";
  readonly period: number;
  readonly counter: null;
}

/** `counter` is the next one to use, up to 2^53 - 1 (RFC 4226). */
export interface HotpEntry extends EveryEntry {
  readonly type: "hotp";
  readonly period: null;
  readonly counter: number;
}

/** One authenticator that a person pasted, in any format. */
export type EnrolmentEntry = TotpEntry | HotpEntry;

export type EnrolmentSource = "otpauth" | "secret" | "migration" | "aegis" | "2fas" | "bitwarden";

/** One QR code of several; `index` counts from 1. */
export interface Batch {
  readonly index: number;
  readonly size: number;
  /** A sentence such as "This is part 1 of 3; the other parts have to be pasted too." */
  readonly message: string;
}

/** What was read. Good entries are in it even when others beside them are refused. */
export interface EntriesReading {
  readonly kind: "entries";
  readonly source: EnrolmentSource;
  readonly entries: readonly EnrolmentEntry[];
  /** `index` counts from 0 in the list that was pasted. */
  readonly refused: readonly RefusedEntry[];
  readonly batch?: Batch;
}

export type Reading = EntriesReading | Refusal;

/**
 * The label of an entry in a list.
 *
 * @example labelOf({ issuer: "ACME", account: "alice" }) // "ACME:alice"
 */
export const labelOf = ({ issuer, account }: { issuer: string | null; account: string | null }): string =>
  [issuer, account].filter((name) => name !== null).join(":") || "Unnamed";

/** What is unusual about an entry that is accepted. Codes are stable; sentences are constants. */
export const warnings = {
  weak_secret: "The secret has fewer than the 128 bits that RFC 4226 asks for.",
  secret_odd_length: "The secret has a length that base32 never has; a character may be missing.",
  secret_may_be_hex: "The secret may be hexadecimal; it was read as base32. Check the first code.",
  issuer_differs: "The label names another issuer than the issuer parameter; the parameter was taken.",
  account_missing: "There is no account name.",
  counter_missing: "There is no counter; it starts at 0.",
  name_shortened: "A name was longer than 200 characters and was cut.",
} as const;

export type WarningCode = keyof typeof warnings;

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

/** @example warn("weak_secret").code // "weak_secret" */
export const warn = (code: WarningCode): Warning => ({ code, message: warnings[code] });
