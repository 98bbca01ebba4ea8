import { longestName, shortenName } from "./clean-text.ts";
import {
  type EnrolmentAlgorithm,
  type EnrolmentEntry,
  type EnrolmentSource,
  labelOf,
  type Reading,
  type Warning,
  warn,
} from "./enrolment-entry.ts";
import { readSecret, type SecretReading } from "./read-secret.ts";
import { isRefusal, type Refusal, type RefusedEntry, refuse } from "./refusals.ts";

/** The fields of an entry in any format, as text. An absent or empty field has the format's default. */
export interface EntryFields {
  /** "totp" or "hotp", in any case. */
  readonly type: string;
  readonly issuer: string | null;
  readonly account: string | null;
  /** Base32 as people write it, or a reading of the bytes. */
  readonly secret: string | SecretReading | Refusal;
  readonly algorithm?: string;
  readonly digits?: string;
  /** Seconds. */
  readonly period?: string;
  readonly counter?: string;
}

const algorithms: Readonly<Record<string, EnrolmentAlgorithm>> = {
  "": "SHA1",
  SHA1: "SHA1",
  SHA256: "SHA256",
  SHA512: "SHA512",
};
const longestPeriod = 300;

/**
 * Reads an entry's fields. All formats use this: it has the defaults of the Key Uri Format (SHA1, 6 digits, 30 seconds)
 * and our limits. `doubts` are warnings that the format has already raised.
 */
export function readFields(fields: EntryFields, doubts: readonly Warning[] = []): EnrolmentEntry | Refusal {
  const type = fields.type.trim().toLowerCase();
  if (type === "steam") return refuse("steam_unsupported");
  if (type !== "totp" && type !== "hotp") return refuse("type_unsupported");

  const secret = typeof fields.secret === "string" ? readSecret(fields.secret) : fields.secret;
  if (isRefusal(secret)) return secret;
  const algorithm = readAlgorithm(fields.algorithm ?? "");
  if (algorithm === undefined) return refuse("algorithm_unsupported");
  const digits = readNumber(fields.digits, 6);
  if (digits !== 6 && digits !== 8) return refuse("digits_unsupported");

  const { issuer, account } = fields;
  const names = {
    issuer: issuer === null ? null : shortenName(issuer),
    account: account === null ? null : shortenName(account),
  };
  const every = {
    ...names,
    label: labelOf(names),
    secret: secret.secret,
    algorithm,
    digits,
  } as const;
  const warnings: readonly Warning[] = [
    ...doubts,
    ...secret.warnings,
    ...([issuer, account].some((name) => name !== null && name.length > longestName)
      ? [warn("name_shortened")]
      : []),
  ];

  if (type === "totp") {
    const period = readNumber(fields.period, 30);
    if (period === undefined || period < 1 || period > longestPeriod) return refuse("period_invalid");
    return { type, ...every, period, counter: null, warnings };
  }
  const counter = readNumber(fields.counter, 0);
  if (counter === undefined) return refuse("counter_invalid");
  const missing = isAbsent(fields.counter) ? [warn("counter_missing")] : [];
  return { type, ...every, period: null, counter, warnings: [...warnings, ...missing] };
}

/** SHA1, SHA-1, HmacSHA1, hmac-sha-1: all the same. */
function readAlgorithm(text: string): EnrolmentAlgorithm | undefined {
  const name = text.replace(/[\s_-]/g, "").toUpperCase();
  const plain = name.startsWith("HMAC") ? name.slice("HMAC".length) : name;
  return Object.hasOwn(algorithms, plain) ? algorithms[plain] : undefined;
}

const isAbsent = (text: string | undefined): boolean => text === undefined || text.trim() === "";

/** A whole number that JavaScript holds exactly; undefined for anything else. */
function readNumber(text: string | undefined, absent: number): number | undefined {
  if (text === undefined || isAbsent(text)) return absent;
  if (!/^\s*[0-9]{1,20}\s*$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

const mostEntries = 10_000;

/**
 * Reads the items of a list. Good entries go to `entries`, others with their index and reason to `refused`. `readOne`
 * returns undefined for an item that is no authenticator. Refuses with too_many, and with nothing_inside when none is left.
 */
export function readEach<T>(
  source: EnrolmentSource,
  items: readonly T[],
  readOne: (item: T) => EnrolmentEntry | Refusal | undefined,
): Reading {
  if (items.length > mostEntries) return refuse("too_many");
  const entries: EnrolmentEntry[] = [];
  const refused: RefusedEntry[] = [];
  for (const [index, item] of items.entries()) {
    const entry = readOne(item);
    if (entry === undefined) continue;
    if (!isRefusal(entry)) entries.push(entry);
    else refused.push({ index, reason: entry.reason, field: entry.field, message: entry.message });
  }
  if (entries.length + refused.length === 0) return refuse("nothing_inside");
  return { kind: "entries", source, entries, refused };
}
