import fc from "fast-check";
import { generateSync } from "otplib";
import { describe, expect, it } from "vitest";
import { counterAt, generateCode, secondsLeft, type TotpAlgorithm } from "../../../server/totp/totp.ts";
import { rfc4226Codes, rfc6238Secrets, rfc6238Vectors } from "../../support/rfc-vectors.ts";

const at = (seconds: number) => new Date(seconds * 1000);

describe("the RFCs' own vectors", () => {
  it.each(rfc6238Vectors)("A1, A4: gives the RFC 6238 codes of $time", ({ time, ...codes }) => {
    for (const algorithm of ["SHA1", "SHA256", "SHA512"] as const) {
      expect(generateCode(rfc6238Secrets[algorithm], { algorithm, digits: 8 }, counterAt(at(time), 30))).toBe(
        codes[algorithm],
      );
    }
  });

  it("A2: gives the RFC 4226 codes of counters 0 to 9", () => {
    const codes = rfc4226Codes.map((_, counter) =>
      generateCode(rfc6238Secrets.SHA1, { algorithm: "SHA1", digits: 6 }, counter),
    );
    expect(codes).toEqual(rfc4226Codes);
  });

  it("A3: keeps leading zeros", () => {
    expect(
      generateCode(rfc6238Secrets.SHA1, { algorithm: "SHA1", digits: 8 }, counterAt(at(1_111_111_109), 30)),
    ).toBe("07081804");
  });
});

describe("time steps", () => {
  it("A5: changes the code at the boundary and never leaves 0 or more than a period", () => {
    expect(counterAt(new Date(29_999), 30)).toBe(0);
    expect(counterAt(new Date(30_000), 30)).toBe(1);
    expect(secondsLeft(new Date(29_999), 30)).toBe(1);
    expect(secondsLeft(new Date(30_000), 30)).toBe(30);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.integer({ min: 1, max: 300 }),
        (milliseconds, period) => {
          const left = secondsLeft(new Date(milliseconds), period);
          expect(left).toBeGreaterThanOrEqual(1);
          expect(left).toBeLessThanOrEqual(period);
          expect(counterAt(new Date(milliseconds + left * 1000), period)).toBe(
            counterAt(new Date(milliseconds), period) + 1,
          );
        },
      ),
    );
  });

  it("does not touch the secret it is given", () => {
    const secret = Uint8Array.from(rfc6238Secrets.SHA1);
    generateCode(secret, { algorithm: "SHA1", digits: 6 }, 1);
    expect(secret).toEqual(Uint8Array.from(rfc6238Secrets.SHA1));
  });
});

describe("against an independent implementation", () => {
  it("A6, A7: agrees on 10,000 random secrets, times and parameters", () => {
    const parameters = fc.record({
      secret: fc.uint8Array({ minLength: 16, maxLength: 64 }),
      time: fc.integer({ min: 0, max: 20_000_000_000 }),
      algorithm: fc.constantFrom<TotpAlgorithm>("SHA1", "SHA256", "SHA512"),
      digits: fc.constantFrom<6 | 8>(6, 8),
      period: fc.constantFrom(15, 30, 60, 90),
    });
    fc.assert(
      fc.property(parameters, ({ secret, time, algorithm, digits, period }) => {
        const ours = generateCode(secret, { algorithm, digits }, counterAt(at(time), period));
        const theirs = generateSync({
          strategy: "totp",
          secret,
          epoch: time,
          algorithm: algorithm.toLowerCase() as "sha1",
          digits,
          period,
        });
        expect(ours).toBe(theirs);
      }),
      { numRuns: 10_000 },
    );
  });
});
