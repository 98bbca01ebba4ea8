import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { type Reading, warnings } from "../../../plugin/enrolment/enrolment-entry.ts";
import { writeOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { readEnrolment } from "../../../plugin/enrolment/read-enrolment.ts";
import { refusals } from "../../../plugin/enrolment/refusals.ts";
import { timesAsLong } from "../../support/times-as-long.ts";
import { entries } from "./arbitrary-entry.ts";
import { encodeMigration } from "./encode-google-authenticator.ts";
import { keys, links } from "./enrolment-table.ts";
import { files, migrations } from "./export-table.ts";

const samples = [...links, ...keys, ...migrations, ...files]
  .map(([, input]) => input)
  .filter((text) => text.length < 5000);

/** Everything a reading says in words: what may be shown or logged. */
const sentences = (reading: Reading): string[] =>
  reading.kind === "refused"
    ? [reading.reason, reading.field, reading.message]
    : [
        ...reading.refused.flatMap(({ reason, field, message }) => [reason, field, message]),
        ...reading.entries.flatMap((entry) => entry.warnings.flatMap(({ code, message }) => [code, message])),
        reading.batch?.message ?? "",
      ];

const canary = "ZQXJKVWYQZXJ2K7V3WYQ5ZXJ4KVWYQZX";
const bytes = decodeBase32(canary);
const pieces = Array.from({ length: canary.length - 5 }, (_, at) => canary.slice(at, at + 6).toLowerCase());

const planted: readonly fc.Arbitrary<string>[] = [
  fc.constant(canary),
  entries.map((entry) => writeOtpauthUri({ ...entry, secret: canary, issuer: canary, account: canary })),
  fc.constant(encodeMigration({ entries: [{ secret: bytes, name: canary, issuer: canary }], batchSize: 2 })),
  fc.constant(
    JSON.stringify({
      header: canary,
      db: { version: 2, entries: [{ type: canary, name: canary, info: { secret: canary } }] },
    }),
  ),
  fc.constant(
    JSON.stringify({
      schemaVersion: 4,
      services: [{ secret: canary, name: canary, otp: { tokenType: canary } }],
    }),
  ),
  fc.constant(
    JSON.stringify({
      encrypted: false,
      items: [{ name: canary, login: { totp: canary, password: canary } }],
    }),
  ),
];

/** Cuts, doubles, swaps and plants at random places. */
const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      text,
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.nat({ max: 12 }),
          fc.oneof(
            fc.constantFrom(
              "",
              "%",
              "%ff",
              "&",
              "&digits=7",
              "=",
              ":",
              "/",
              "1",
              "\0",
              "\ud800",
              "\u202e",
              "{",
              "[",
              '"',
              "null",
            ),
            fc.string({ unit: "binary", maxLength: 4 }),
          ),
        ),
        { maxLength: 6 },
      ),
    )
    .map(([start, cuts]) =>
      cuts.reduce((now, [position, length, put]) => {
        const at = position % (now.length + 1);
        return now.slice(0, at) + put + now.slice(at + length);
      }, start),
    );

describe("hostile text", () => {
  it("is never answered with an error that is thrown", () => {
    const anything = fc.oneof(mutated(fc.constantFrom(...samples)), fc.string({ unit: "binary" }), fc.json());
    fc.assert(
      fc.property(anything, (text) => {
        expect(["entries", "refused"]).toContain(readEnrolment(text).kind);
      }),
      { numRuns: 5000 },
    );
  });

  it("that is random bytes in a migration code is never answered with an error that is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        const data = encodeURIComponent(Buffer.from(random).toString("base64"));
        readEnrolment(`otpauth-migration://offline?data=${data}`);
        const nested = Buffer.from([0x0a, random.length, ...random.map((byte) => byte)]).toString("base64");
        readEnrolment(`otpauth-migration://offline?data=${encodeURIComponent(nested)}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("G4: finds no piece of a secret in any sentence, field or code of the answer", () => {
    fc.assert(
      fc.property(mutated(fc.oneof(...planted)), (text) => {
        const said = sentences(readEnrolment(text)).join("\n").toLowerCase();
        expect(pieces.filter((piece) => said.includes(piece))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it("G4: gets only sentences that are written down beforehand", () => {
    const known = new Set<string>([...Object.values(refusals).flat(), ...Object.values(warnings)]);
    for (const sample of samples) {
      const reading = readEnrolment(sample);
      const shown =
        reading.kind === "refused"
          ? [reading]
          : [...reading.refused, ...reading.entries.flatMap((entry) => entry.warnings)];
      for (const { message } of shown) expect(known).toContain(message);
    }
    for (const [, message] of Object.values(refusals)) expect(message).toMatch(/^[A-Z].*\.$/);
  });

  // Ten times the text may take ten times as long. Quadratic time would take a hundred times as long, and hours in the end.
  it.each<[title: string, text: (length: number) => string]>([
    ["blanks", (length) => " ".repeat(length)],
    ["blanks around a letter", (length) => `${" ".repeat(length / 2 - 1)}a${" ".repeat(length / 2)}`],
    ["padding with an end", (length) => `${"=".repeat(length - 1)}a`],
    ["an endless scheme", (length) => "a".repeat(length)],
    ["pluses in an issuer", (length) => `otpauth://totp/?issuer=${"+".repeat(length - 100)}x`],
    ["percent signs", (length) => `otpauth://totp/${"%".repeat(length - 100)}?secret=x`],
    ["escapes that mean nothing", (length) => `otpauth://totp/${"%ff".repeat(length / 3 - 100)}?secret=x`],
    ["slashes", (length) => `otpauth:${"/".repeat(length - 100)}`],
    ["parameters", (length) => `otpauth://totp/?${"a=b&".repeat(length / 4 - 100)}`],
    [
      "one parameter, ever different",
      (length) =>
        `otpauth://totp/?${Array.from({ length: length / 8 }, (_, at) => `x=${at}`).join("&")}`.slice(
          0,
          length,
        ),
    ],
    ["blanks in a label", (length) => `otpauth://totp/${"%20".repeat(length / 3 - 100)}?secret=x`],
    ["line breaks", (length) => `otpauth://totp/a${"\n".repeat(length - 100)}b`],
    ["lines", (length) => `otpauth://totp/a${"\nb".repeat(length / 2 - 100)}`],
    ["links", (length) => "otpauth:\n".repeat(length / 10)],
    ["a migration code of entries", (length) => `otpauth-migration:?data=${"CgAK".repeat(length / 4 - 100)}`],
    ["a migration code of numbers", (length) => `otpauth-migration:?data=${"////".repeat(length / 4 - 100)}`],
    [
      "deep JSON",
      (length) => `{"db":${"[".repeat(length / 2 - 100)}${"]".repeat(length / 2 - 100)},"header":null}`,
    ],
    ["deep JSON cut short", (length) => "[".repeat(length)],
    ["deep objects", (length) => `${'{"a":'.repeat(length / 6 - 100)}1${"}".repeat(length / 6 - 100)}`],
    [
      "wide JSON",
      (length) => `{"db":{"version":1,"entries":[${"0,".repeat(length / 2 - 100)}0]},"header":null}`,
    ],
    [
      "a key in an export",
      (length) =>
        `{"items":[{"login":{"totp":"${" ".repeat(length / 2 - 100)}A${" -".repeat(length / 4)}"}}]}`,
    ],
  ])("of a million characters is read in time: %s", (_title, text) => {
    const [short, long, million] = [text(10_000), text(100_000), text(1_000_000)];
    const readTenShort = () => {
      for (let reading = 0; reading < 10; reading++) readEnrolment(short);
    };
    expect(timesAsLong(() => readEnrolment(long), readTenShort)).toBeLessThan(5);
    expect([million.length >= 900_000, million.length <= 1_000_000]).toEqual([true, true]);
    expect(["entries", "refused"]).toContain(readEnrolment(million).kind);
  });
});
