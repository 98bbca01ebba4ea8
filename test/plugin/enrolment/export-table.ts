import { decodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { encodeBase64, encodeMigration, type MigrationParameters } from "./encode-google-authenticator.ts";
import type { Row } from "./enrolment-table.ts";
import { acme, entry, read, refused, secret } from "./expect-reading.ts";

const bytes = decodeBase32(secret);
const one = (given: Partial<MigrationParameters> = {}): MigrationParameters => ({
  secret: bytes,
  name: "ACME Co:alice@example.com",
  issuer: "ACME Co",
  algorithm: 1,
  digits: 1,
  type: 2,
  ...given,
});
const qr = (...entries: MigrationParameters[]) => encodeMigration({ entries, batchSize: 1 });
const migrated = (given = {}) => read("migration", [acme(given)]);
/** Bytes whose base64 has a plus. */
const plus = Uint8Array.from({ length: 20 }, () => 0xfb);

/** QR codes of Google Authenticator. */
export const migrations: readonly Row[] = [
  [
    "a published example",
    "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC",
    read("migration", [
      entry({
        issuer: "Example",
        account: "alice@google.com",
        secret: "JBSWY3DPEHPK3PXP",
        warnings: ["weak_secret"],
      }),
    ]),
  ],
  ["one entry", qr(one()), migrated()],
  ["bare base64", `otpauth-migration://offline?data=${encodeBase64({ entries: [one()] })}`, migrated()],
  [
    "pluses turned to blanks",
    `otpauth-migration://offline?data=${encodeBase64({ entries: [one({ secret: plus })] }).replaceAll("+", " ")}`,
    migrated({ secret: "7P57X673".repeat(4) }),
  ],
  [
    "base64 for links",
    `otpauth-migration://offline?data=${encodeBase64({ entries: [one({ secret: plus })] })
      .replaceAll("+", "-")
      .replaceAll("/", "_")}`,
    migrated({ secret: "7P57X673".repeat(4) }),
  ],
  [
    "a counter, SHA512 and 8 digits",
    qr(one({ type: 1, counter: 7, algorithm: 3, digits: 2 })),
    migrated({ type: "hotp", counter: 7, algorithm: "SHA512", digits: 8 }),
  ],
  ["nothing specified", qr({ secret: bytes, name: "bob" }), read("migration", [entry({ account: "bob" })])],
  [
    "good and bad together",
    qr(
      one(),
      one({ algorithm: 4 }),
      one({ digits: 3 }),
      one({ type: 9 }),
      one({ secret: bytes.slice(0, 9) }),
      one({ algorithm: 2 }),
    ),
    read(
      "migration",
      [acme(), acme({ algorithm: "SHA256" })],
      [
        [1, "algorithm_unsupported"],
        [2, "digits_unsupported"],
        [3, "type_unsupported"],
        [4, "secret_too_short"],
      ],
    ),
  ],
  [
    "one code of three",
    encodeMigration({ entries: [one()], batchSize: 3, batchIndex: 0, batchId: -5n }),
    { ...migrated(), part: "1 of 3" },
  ],
  ["a part past the last", encodeMigration({ entries: [one()], batchSize: 3, batchIndex: 3 }), migrated()],
  ["two codes at once", `${qr(one())}\n${qr(one())}`, refused("migration_several")],
  ["half a code", qr(one()).slice(0, 80), refused("migration_damaged")],
  ["no data", "otpauth-migration://offline", refused("migration_damaged")],
  ["no base64", "otpauth-migration://offline?data=***", refused("migration_damaged")],
  ["no entries", qr(), refused("nothing_inside")],
];

const aegis = (entries: unknown, version: unknown = 2) =>
  JSON.stringify({ version: 1, header: { slots: null, params: null }, db: { version, entries } });
const aegisEntry = (info = {}, more = {}) => ({
  type: "totp",
  uuid: "3ae6f1ad-2e65-4ed2-a953-1ec0dff2386d",
  name: "alice@example.com",
  issuer: "ACME Co",
  icon: null,
  info: { secret, algo: "SHA1", digits: 6, period: 30, ...info },
  ...more,
});
const twoFas = (services: unknown, schemaVersion: unknown = 4) =>
  JSON.stringify({ schemaVersion, services, groups: [] });
const service = (otp: object | undefined = {}, more = {}) => ({
  name: "ACME Co",
  secret,
  otp: otp && {
    account: "alice@example.com",
    issuer: "ACME Co",
    digits: 6,
    period: 30,
    algorithm: "SHA1",
    tokenType: "TOTP",
    ...otp,
  },
  ...more,
});
const bitwarden = (...items: unknown[]) => JSON.stringify({ encrypted: false, folders: [], items });
const item = (totp: unknown, login = {}) => ({
  type: 1,
  name: "ACME Co",
  login: {
    username: "alice@example.com",
    password: " p\u200b ",
    uris: [{ match: null, uri: "https://acme.example" }],
    totp,
    ...login,
  },
});
const login = { username: "alice@example.com", password: " p\u200b ", uris: ["https://acme.example"] };

/** Files of other authenticators. */
export const files: readonly Row[] = [
  ["Aegis", aegis([aegisEntry()]), read("aegis", [acme()])],
  ["Aegis, first version", aegis([aegisEntry()], 1), read("aegis", [acme()])],
  ["Aegis, third version", aegis([aegisEntry({}, { group: "x" })], 3), read("aegis", [acme()])],
  ["Aegis, a version to come", aegis([aegisEntry()], 4), refused("version_unsupported")],
  [
    "Aegis, good and bad together",
    aegis([
      aegisEntry({ digits: 7 }),
      aegisEntry({ counter: 5 }, { type: "hotp" }),
      aegisEntry({}, { type: "steam" }),
      null,
      aegisEntry({ secret: {} }),
    ]),
    read(
      "aegis",
      [acme({ type: "hotp", counter: 5 })],
      [
        [0, "digits_unsupported"],
        [2, "steam_unsupported"],
        [3, "entry_damaged"],
        [4, "secret_not_base32"],
      ],
    ),
  ],
  ["Aegis without names", aegis([aegisEntry({}, { name: "", issuer: "" })]), read("aegis", [entry()])],
  [
    "Aegis, encrypted",
    JSON.stringify({ version: 1, header: { slots: [{ type: 1 }], params: {} }, db: "bm90IHRlbGxpbmc=" }),
    refused("aegis_encrypted"),
  ],
  ["Aegis, empty", aegis([]), refused("nothing_inside")],
  ["Aegis, entries that are no list", aegis({ length: 3 }), refused("entry_damaged")],
  ["2FAS", twoFas([service()]), read("2fas", [acme()])],
  [
    "2FAS, first schema",
    twoFas(
      [{ name: "ACME Co", secret, otp: { account: "alice@example.com", label: "x" }, type: "Unknown" }],
      1,
    ),
    read("2fas", [acme()]),
  ],
  [
    "2FAS without details",
    twoFas([{ name: "ACME Co", secret }]),
    read("2fas", [entry({ issuer: "ACME Co" })]),
  ],
  [
    "2FAS, algorithm null and a counter",
    twoFas([service({ algorithm: null, tokenType: "HOTP", counter: 3, digits: 8 })]),
    read("2fas", [acme({ type: "hotp", counter: 3, digits: 8 })]),
  ],
  [
    "2FAS, Steam among others",
    twoFas([service({ tokenType: "STEAM", digits: 5 }), service({ algorithm: "SHA224" }), service()]),
    read(
      "2fas",
      [acme()],
      [
        [0, "steam_unsupported"],
        [1, "algorithm_unsupported"],
      ],
    ),
  ],
  ["2FAS, a schema to come", twoFas([service()], 5), refused("version_unsupported")],
  [
    "2FAS, encrypted",
    JSON.stringify({ schemaVersion: 4, services: [], servicesEncrypted: "YQ==:Yg==:Yw==" }),
    refused("twofas_encrypted"),
  ],
  [
    "Bitwarden, a link",
    bitwarden(item(`otpauth://totp/ACME%20Co:alice%40example.com?secret=${secret}`)),
    read("bitwarden", [acme({ login })]),
  ],
  [
    "Bitwarden, a link without names",
    bitwarden(item(`otpauth://totp/?secret=${secret}&digits=8`)),
    read("bitwarden", [acme({ login, digits: 8 })]),
  ],
  [
    "Bitwarden, a bare key",
    bitwarden(item("hxdm vjec jjws rb3h wizr 4ifu gftm xboz")),
    read("bitwarden", [acme({ login })]),
  ],
  [
    "Bitwarden, items of every kind",
    bitwarden(
      { type: 2, name: "note" },
      item(null),
      item(""),
      item("steam://HXDMVJECJJWSRB3H"),
      item("x"),
      5,
      item(secret, { username: null, password: null, uris: null }),
    ),
    read(
      "bitwarden",
      [entry({ issuer: "ACME Co", login: { username: null, password: null, uris: [] } })],
      [
        [3, "steam_unsupported"],
        [4, "secret_too_short"],
        [5, "entry_damaged"],
      ],
    ),
  ],
  ["Bitwarden, no codes", bitwarden(item(null)), refused("nothing_inside")],
  [
    "Bitwarden, encrypted for the account",
    JSON.stringify({ encrypted: true, encKeyValidation_DO_NOT_EDIT: "2.x", items: [] }),
    refused("bitwarden_encrypted"),
  ],
  [
    "Bitwarden, encrypted with a password",
    JSON.stringify({ encrypted: true, passwordProtected: true, data: "2.x" }),
    refused("bitwarden_encrypted"),
  ],
  ["a file with a byte order mark", `\ufeff${aegis([aegisEntry()])}\r\n`, read("aegis", [acme()])],
  ["half a file", aegis([aegisEntry()]).slice(0, 200), refused("json_damaged")],
  ["an unknown file", '{"accounts":[]}', refused("export_unknown")],
  ["a list", `[{"secret":"${secret}"}]`, refused("export_unknown")],
  ["keys every object has", '{"__proto__":{"db":{},"header":{}},"constructor":1}', refused("export_unknown")],
  ["more entries than anyone has", aegis(Array.from({ length: 10_001 }, () => 0)), refused("too_many")],
];
