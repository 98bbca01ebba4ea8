import type {
  EnrolmentEntry,
  EnrolmentSource,
  Reading,
  WarningCode,
} from "../../../plugin/enrolment/enrolment-entry.ts";
import type { RefusalReason } from "../../../plugin/enrolment/refusals.ts";

type ShortEntry = Omit<EnrolmentEntry, "warnings" | "type" | "period" | "counter"> & {
  readonly type: "totp" | "hotp";
  readonly period: number | null;
  readonly counter: number | null;
  readonly warnings: readonly WarningCode[];
};

/** A reading with codes instead of sentences, so that a table of them can be read. */
export type ShortReading =
  | {
      readonly source: EnrolmentSource;
      readonly entries: readonly ShortEntry[];
      readonly refused: readonly (readonly [index: number, reason: RefusalReason])[];
      readonly part?: string;
    }
  | { readonly reason: RefusalReason };

export function shorten(reading: Reading): ShortReading {
  if (reading.kind === "refused") return { reason: reading.reason };
  return {
    source: reading.source,
    entries: reading.entries.map((entry) => ({
      ...entry,
      warnings: entry.warnings.map(({ code }) => code),
    })),
    refused: reading.refused.map(({ index, reason }) => [index, reason] as const),
    ...(reading.batch === undefined ? {} : { part: `${reading.batch.index} of ${reading.batch.size}` }),
  };
}

/** 160 bits, so that nothing warns. */
export const secret = "HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ";

/** An ordinary entry without names, with these fields changed. */
export function entry(given: Partial<ShortEntry> = {}): ShortEntry {
  const { issuer = null, account = null } = given;
  return {
    type: "totp",
    issuer,
    account,
    label: [issuer, account].filter((name) => name !== null).join(":") || "Unnamed",
    secret,
    algorithm: "SHA1",
    digits: 6,
    period: given.type === "hotp" ? null : 30,
    counter: null,
    warnings: [],
    ...given,
  };
}

export const acme = (given: Partial<ShortEntry> = {}): ShortEntry =>
  entry({ issuer: "ACME Co", account: "alice@example.com", ...given });

export const read = (
  source: EnrolmentSource,
  entries: readonly ShortEntry[],
  refused: readonly (readonly [number, RefusalReason])[] = [],
): ShortReading => ({ source, entries, refused });

export const refused = (reason: RefusalReason): ShortReading => ({ reason });
