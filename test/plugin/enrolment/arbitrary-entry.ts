import fc from "fast-check";
import { encodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { cleanName, longestName } from "../../../plugin/enrolment/clean-text.ts";
import { labelOf } from "../../../plugin/enrolment/enrolment-entry.ts";

const name = fc
  .oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.emailAddress(),
  )
  .map(cleanName)
  .filter((text) => text === null || text.length <= longestName);

export const bytes = fc.uint8Array({ minLength: 10, maxLength: 128 });

const every = fc.record({
  issuer: name,
  account: name,
  secret: bytes.map(encodeBase32),
  algorithm: fc.constantFrom("SHA1" as const, "SHA256" as const, "SHA512" as const),
  digits: fc.constantFrom(6 as const, 8 as const),
});

/** Any entry there can be, but for its warnings. */
export const entries = fc
  .oneof(
    fc.tuple(
      every,
      fc.record({
        type: fc.constant("totp" as const),
        period: fc.integer({ min: 1, max: 300 }),
        counter: fc.constant(null),
      }),
    ),
    fc.tuple(
      every,
      fc.record({ type: fc.constant("hotp" as const), period: fc.constant(null), counter: fc.maxSafeNat() }),
    ),
  )
  .map(([common, kind]) => ({ ...common, label: labelOf(common), ...kind }));
