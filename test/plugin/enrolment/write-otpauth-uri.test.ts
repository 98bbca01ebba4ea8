import fc from "fast-check";
import { HOTP, TOTP, URI } from "otpauth";
import { describe, expect, it } from "vitest";
import { writeOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { readEnrolment } from "../../../plugin/enrolment/read-enrolment.ts";
import { entries } from "./arbitrary-entry.ts";

describe("the link of an entry", () => {
  it("has every parameter, percent-encoded", () => {
    const common = {
      issuer: "ACME & Co",
      account: "a+b@x.io",
      secret: "JBSWY3DPEHPK3PXP",
      digits: 6,
    } as const;
    expect(writeOtpauthUri({ ...common, type: "totp", algorithm: "SHA1", period: 30 })).toBe(
      "otpauth://totp/ACME%20%26%20Co:a%2Bb%40x.io?secret=JBSWY3DPEHPK3PXP&issuer=ACME%20%26%20Co&algorithm=SHA1&digits=6&period=30",
    );
    expect(writeOtpauthUri({ ...common, issuer: null, type: "hotp", algorithm: "SHA256", counter: 5 })).toBe(
      "otpauth://hotp/a%2Bb%40x.io?secret=JBSWY3DPEHPK3PXP&algorithm=SHA256&digits=6&counter=5",
    );
  });

  it("is read back as the same entry, whatever the entry", () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(readEnrolment(writeOtpauthUri(entry))).toMatchObject({ entries: [entry], refused: [] });
      }),
      { numRuns: 1000 },
    );
  });

  it("means the same to another implementation", () => {
    fc.assert(
      fc.property(entries, (given) => {
        // The other one wants an account, and takes the first colon for the issuer's end.
        const entry = { ...given, issuer: "ACME", account: given.account?.replaceAll(":", "") || "alice" };
        const other = URI.parse(writeOtpauthUri(entry));
        expect([other.issuer, other.label, other.secret.base32, other.algorithm, other.digits]).toEqual([
          entry.issuer,
          entry.account,
          entry.secret,
          entry.algorithm,
          entry.digits,
        ]);
        if (other instanceof TOTP) expect(other.period).toBe(entry.period);
        if (other instanceof HOTP) expect(other.counter).toBe(entry.counter);
      }),
    );
  });
});
