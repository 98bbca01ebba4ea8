import { acme, entry, read, refused, type ShortReading, secret } from "./expect-reading.ts";

export type Row = readonly [title: string, input: string, expected: ShortReading];

const label = "ACME%20Co:alice%40example.com";
const uri = (more = "", at = label) => `otpauth://totp/${at}?secret=${secret}${more}`;
const link = (given = {}) => read("otpauth", [acme(given)]);
const bare = (given = {}) => read("secret", [entry(given)]);

/** Links, as people paste them. */
export const links: readonly Row[] = [
  ["a plain link", uri(), link()],
  ["the issuer in the parameter alone", uri("&issuer=ACME%20Co", "alice@example.com"), link()],
  ["the issuer in both", uri("&issuer=ACME%20Co"), link()],
  [
    "two issuers",
    uri("&issuer=Other"),
    link({ issuer: "Other", label: "Other:alice@example.com", warnings: ["issuer_differs"] }),
  ],
  [
    "issuers that differ in case alone",
    uri("&issuer=Acme%20co"),
    link({ issuer: "Acme co", label: "Acme co:alice@example.com" }),
  ],
  ["an encoded colon", uri("", "ACME%20Co%3Aalice%40example.com"), link()],
  ["blanks after the colon", uri("", "ACME%20Co:%20%20alice@example.com"), link()],
  ["bare blanks in the label", uri("", "ACME Co: alice@example.com"), link()],
  [
    "a plus in the address",
    uri("", "ACME%20Co:alice+x@example.com"),
    link({ account: "alice+x@example.com", label: "ACME Co:alice+x@example.com" }),
  ],
  ["pluses for blanks in the issuer", uri("&issuer=ACME+Co"), link()],
  ["pluses for blanks in label and issuer", uri("&issuer=ACME+Co", "ACME+Co:alice@example.com"), link()],
  [
    "an issuer that ends in a plus",
    uri("&issuer=Disney+", "Disney+:bob"),
    read("otpauth", [entry({ issuer: "Disney+", account: "bob" })]),
  ],
  [
    "an issuer with a colon",
    uri("&issuer=A%3A%20B", "A%3A%20B:bob"),
    read("otpauth", [entry({ issuer: "A: B", account: "bob" })]),
  ],
  [
    "an account with colons",
    uri("&issuer=X", "X:did:web:a"),
    read("otpauth", [entry({ issuer: "X", account: "did:web:a" })]),
  ],
  [
    "a bare percent sign",
    uri("", "100% ACME:bob"),
    read("otpauth", [entry({ issuer: "100% ACME", account: "bob" })]),
  ],
  [
    "letters of other scripts",
    uri("", "%E3%83%86%E3%82%B9%E3%83%88:жанна"),
    read("otpauth", [entry({ issuer: "テスト", account: "жанна" })]),
  ],
  [
    "a direction mark in the issuer",
    uri("", "AC%E2%80%AEME:bob"),
    read("otpauth", [entry({ issuer: "ACME", account: "bob" })]),
  ],
  [
    "a line break inside a name",
    uri("", "AC%0AME:bob"),
    read("otpauth", [entry({ issuer: "AC ME", account: "bob" })]),
  ],
  [
    "an endless name",
    uri("", `${"n".repeat(300)}`),
    read("otpauth", [entry({ account: "n".repeat(200), warnings: ["name_shortened"] })]),
  ],
  [
    "no account",
    uri("", "ACME%20Co:"),
    read("otpauth", [entry({ issuer: "ACME Co", warnings: ["account_missing"] })]),
  ],
  ["an empty label", uri("", ""), read("otpauth", [entry({ warnings: ["account_missing"] })])],
  [
    "no label at all",
    `otpauth://totp?secret=${secret}`,
    read("otpauth", [entry({ warnings: ["account_missing"] })]),
  ],
  ["an empty issuer", uri("&issuer="), link()],
  ["blanks, quotes and line breaks around", ` \r\n“"${uri()}"”,\n\n`, link()],
  ["zero-width marks inside", uri().replace("auth", "au\u200bth\ufeff"), link()],
  ["a line break in the middle", `${uri().slice(0, 40)}\r\n ${uri().slice(40)}`, link()],
  ["text after a blank line", `${uri()}\n\nThanks, Bob`, link()],
  ["an upper-case scheme and type", uri().replace("otpauth://totp", "OTPAUTH://TOTP"), link()],
  ["Apple's scheme", `apple-${uri()}`, link()],
  ["one slash too few", uri().replace("://", ":/"), link()],
  ["upper-case parameter names", uri("&ISSUER=ACME%20Co&Digits=8"), link({ digits: 8 })],
  ["ampersands from a page's source", uri("&amp;issuer=ACME%20Co&amp;digits=8"), link({ digits: 8 })],
  ["escapes from JSON", uri("\\u0026digits=8").replaceAll("/", "\\/"), link({ digits: 8 })],
  ["unknown parameters, and a fragment", uri("&image=x&color=red#top"), link()],
  ["the same parameter twice, alike", uri("&issuer=ACME%20Co&issuer=ACME%20Co"), link()],
  ["the same parameter twice, unlike", uri("&digits=6&digits=8"), refused("parameter_repeated")],
  [
    "a lower-case, grouped and padded secret",
    `otpauth://totp/${label}?secret=hxdm%20vjec-jjws+rb3h wizr4ifugftmxboz%3D%3D`,
    link(),
  ],
  [
    "every parameter",
    uri("&issuer=ACME%20Co&algorithm=SHA512&digits=8&period=60"),
    link({ algorithm: "SHA512", digits: 8, period: 60 }),
  ],
  ["SHA-1", uri("&algorithm=SHA-1"), link()],
  ["HmacSHA1", uri("&algorithm=HmacSHA1"), link()],
  ["sha256", uri("&algorithm=sha256"), link({ algorithm: "SHA256" })],
  ["HMAC-SHA-512", uri("&algorithm=HMAC-SHA-512"), link({ algorithm: "SHA512" })],
  ["MD5", uri("&algorithm=MD5"), refused("algorithm_unsupported")],
  ["an algorithm every object has", uri("&algorithm=constructor"), refused("algorithm_unsupported")],
  ["seven digits", uri("&digits=7"), refused("digits_unsupported")],
  ["digits in words", uri("&digits=six"), refused("digits_unsupported")],
  ["the shortest period", uri("&period=1"), link({ period: 1 })],
  ["the longest period", uri("&period=300"), link({ period: 300 })],
  ["a period of nothing", uri("&period=0"), refused("period_invalid")],
  ["too long a period", uri("&period=301"), refused("period_invalid")],
  ["a broken period", uri("&period=29.5"), refused("period_invalid")],
  ["a counter", uri("&counter=42").replace("totp", "hotp"), link({ type: "hotp", counter: 42 })],
  [
    "no counter",
    uri().replace("totp", "hotp"),
    link({ type: "hotp", counter: 0, warnings: ["counter_missing"] }),
  ],
  ["a negative counter", uri("&counter=-1").replace("totp", "hotp"), refused("counter_invalid")],
  [
    "a counter no number holds",
    uri("&counter=9007199254740993").replace("totp", "hotp"),
    refused("counter_invalid"),
  ],
  ["another type", uri().replace("totp", "motp"), refused("type_unsupported")],
  ["Steam as a type", uri().replace("totp", "steam"), refused("steam_unsupported")],
  ["Steam as an encoder", uri("&encoder=steam"), refused("steam_unsupported")],
  ["no secret", `otpauth://totp/${label}?issuer=ACME`, refused("secret_missing")],
  [
    "a secret of 80 bits",
    `otpauth://totp/${label}?secret=JBSWY3DPEHPK3PXP`,
    link({ secret: "JBSWY3DPEHPK3PXP", warnings: ["weak_secret"] }),
  ],
  [
    "several links",
    `${uri()}\n${uri("&digits=7")}\n\n"${uri("&digits=8")}",`,
    read("otpauth", [acme(), acme({ digits: 8 })], [[1, "digits_unsupported"]]),
  ],
  ["a link of another kind", "https://example.com/setup?secret=HXDMVJECJJWSRB3H", refused("link_unknown")],
];

/** Bare keys. */
export const keys: readonly Row[] = [
  ["a bare key", secret, bare()],
  ["lower case in groups", "hxdm vjec jjws rb3h wizr 4ifu gftm xboz", bare()],
  ["hyphens", "hxdm-vjec-jjws-rb3h–wizr‑4ifu-gftm-xboz", bare()],
  [
    "padding, quotes and no-break blanks",
    `"${secret.slice(0, 26)}\u00a0====="`,
    bare({ secret: "HXDMVJECJJWSRB3HWIZR4IFUGE" }),
  ],
  ["several lines and zero-width marks", `${secret.slice(0, 16)}\n\u200b${secret.slice(16)}\u200d`, bare()],
  ["79 bits", "HXDMVJECJJWSRB3", refused("secret_too_short")],
  ["80 bits", "HXDMVJECJJWSRB3H", bare({ secret: "HXDMVJECJJWSRB3H", warnings: ["weak_secret"] })],
  [
    "120 bits",
    "HXDMVJECJJWSRB3HWIZR4IFU",
    bare({ secret: "HXDMVJECJJWSRB3HWIZR4IFU", warnings: ["weak_secret"] }),
  ],
  ["128 bits", "HXDMVJECJJWSRB3HWIZR4IFUGE", bare({ secret: "HXDMVJECJJWSRB3HWIZR4IFUGE" })],
  [
    "a letter missing",
    secret.slice(0, 30),
    bare({ secret: "HXDMVJECJJWSRB3HWIZR4IFUGFTMW", warnings: ["secret_odd_length"] }),
  ],
  ["128 bytes", `${"HXDMVJEC".repeat(25)}HXDMU`, bare({ secret: `${"HXDMVJEC".repeat(25)}HXDMU` })],
  ["129 bytes", "HXDMVJEC".repeat(26), refused("secret_too_long")],
  ["a one for an I", secret.replace("I", "1"), refused("secret_confusable")],
  ["a zero for an O", secret.replace("O", "0"), refused("secret_confusable")],
  ["an eight for a B", secret.replace("B", "8"), refused("secret_confusable")],
  ["a nine for a g", secret.replace("G", "9"), refused("secret_confusable")],
  ["hexadecimal", "3132333435363738393031323334353637383930", refused("secret_looks_hex")],
  ["hexadecimal with its sign", "0xdeadbeefdeadbeefdeadbeefdeadbeef", refused("secret_looks_hex")],
  [
    "what may be either",
    "deadbeefdeadbeefdeadbeefdeadbeef",
    bare({ secret: "DEADBEEFDEADBEEFDEADBEEFDEADBEEF", warnings: ["secret_may_be_hex"] }),
  ],
  ["letters that grow into others", `${secret.slice(1)}ı`, refused("secret_not_base32")],
  ["padding in the middle", `${secret.slice(0, 16)}==${secret.slice(16)}`, refused("secret_not_base32")],
  ["a sentence", "Please send me the code!", refused("secret_not_base32")],
  ["nothing but padding", "====", refused("secret_missing")],
  ["nothing", "", refused("empty")],
  ["nothing anyone sees", ' \u200b\n"" ', refused("empty")],
  ["a book", "Call me Ishmael. ".repeat(200), refused("unrecognised")],
  ["more than a megabyte", "A".repeat(1_000_001), refused("too_large")],
  ["a key of Steam", "steam://HXDMVJECJJWSRB3H", refused("steam_unsupported")],
];
