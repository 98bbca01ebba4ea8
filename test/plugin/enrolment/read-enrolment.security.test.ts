import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { type Reading, warnings } from "../../../plugin/enrolment/enrolment-entry.ts";
import { writeOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { readEnrolment } from "../../../plugin/enrolment/read-enrolment.ts";
import { refusals } from "../../../plugin/enrolment/refusals.ts";
import { entries } from "./arbitrary-entry.ts";
import { encodeMigration } from "./encode-migration.ts";
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
      cuts.reduce((now, [place, length, put]) => {
        const at = place % (now.length + 1);
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

  // Quadratic time would take hours on these.
  it.each([
    ["blanks", " ".repeat(999_999)],
    ["blanks around a letter", `${" ".repeat(499_999)}a${" ".repeat(499_999)}`],
    ["padding with an end", `${"=".repeat(999_000)}a`],
    ["an endless scheme", "a".repeat(1_000_000)],
    ["pluses in an issuer", `otpauth://totp/?issuer=${"+".repeat(999_000)}x`],
    ["percent signs", `otpauth://totp/${"%".repeat(990_000)}?secret=x`],
    ["escapes that mean nothing", `otpauth://totp/${"%ff".repeat(330_000)}?secret=x`],
    ["slashes", `otpauth:${"/".repeat(990_000)}`],
    ["parameters", `otpauth://totp/?${"a=b&".repeat(240_000)}`],
    [
      "one parameter, ever different",
      `otpauth://totp/?${Array.from({ length: 120_000 }, (_, at) => `x=${at}`).join("&")}`.slice(0, 999_999),
    ],
    ["blanks in a label", `otpauth://totp/${"%20".repeat(330_000)}?secret=x`],
    ["line breaks", `otpauth://totp/a${"\n".repeat(990_000)}b`],
    ["lines", `otpauth://totp/a${"\nb".repeat(490_000)}`],
    ["links", "otpauth:\n".repeat(100_000)],
    ["a migration code of entries", `otpauth-migration:?data=${"CgAK".repeat(240_000)}`],
    ["a migration code of numbers", `otpauth-migration:?data=${"////".repeat(240_000)}`],
    ["deep JSON", `{"db":${"[".repeat(490_000)}${"]".repeat(490_000)},"header":null}`],
    ["deep JSON cut short", "[".repeat(1_000_000)],
    ["deep objects", `${'{"a":'.repeat(160_000)}1${"}".repeat(160_000)}`],
    ["wide JSON", `{"db":{"version":1,"entries":[${"0,".repeat(480_000)}0]},"header":null}`],
    ["a key in an export", `{"items":[{"login":{"totp":"${" ".repeat(480_000)}A${" -".repeat(200_000)}"}}]}`],
  ])("of a million characters is read in time: %s", (_title, text) => {
    expect(text.length).toBeLessThanOrEqual(1_000_000);
    const started = performance.now();
    readEnrolment(text);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
