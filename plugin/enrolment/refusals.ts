/**
 * Every reason to refuse a pasted text. Reasons are stable, so clients may branch on them. Messages are constants, so
 * that nothing of the text can appear in them.
 */
export const refusals = {
  empty: ["text", "There is nothing to read. Paste a setup key, an otpauth:// link or an export."],
  too_large: ["text", "The text is larger than 1 MB. Paste a smaller export."],
  unrecognised: ["text", "The text is no setup key, no otpauth:// link and no export known here."],
  link_unknown: ["text", "The link is of another kind. Paste one that begins with otpauth://."],
  type_unsupported: ["type", "The type must be totp or hotp; other kinds of codes are not supported."],
  steam_unsupported: [
    "type",
    "The type is Steam, whose codes are not the standard ones; it is not supported.",
  ],
  parameter_repeated: ["text", "The link gives the same parameter twice, with different values."],
  secret_missing: ["secret", "The secret is missing."],
  secret_not_base32: ["secret", "The secret has a character that base32 lacks. It takes A to Z and 2 to 7."],
  secret_confusable: [
    "secret",
    "The secret has a 0, 1, 8 or 9, which base32 lacks. It may stand for O, I, B or g; copy the key again.",
  ],
  secret_looks_hex: ["secret", "The secret looks hexadecimal. Ask the service for the key in base32."],
  secret_too_short: ["secret", "The secret has fewer than 80 bits; part of it may be missing."],
  secret_too_long: ["secret", "The secret is longer than 128 bytes."],
  algorithm_unsupported: ["algorithm", "The algorithm must be SHA1, SHA256 or SHA512."],
  digits_unsupported: ["digits", "The number of digits must be 6 or 8; other lengths are not supported."],
  period_invalid: ["period", "The period must be a whole number of seconds from 1 to 300."],
  counter_invalid: ["counter", "The counter must be a whole number from 0 to 9007199254740991."],
  migration_damaged: ["data", "The export link is damaged or cut short. Scan the QR code again."],
  migration_several: ["text", "These are several export links. Paste one at a time."],
  json_damaged: ["text", "The text begins like JSON and is damaged or cut short. Copy the whole file."],
  export_unknown: ["text", "The JSON is no export of Aegis, 2FAS or Bitwarden."],
  version_unsupported: ["version", "The version of this export is not known here."],
  aegis_encrypted: [
    "db",
    "This Aegis export is encrypted. In Aegis choose Settings, Import & Export, Export, and switch Encrypt off.",
  ],
  twofas_encrypted: [
    "servicesEncrypted",
    "This 2FAS backup is encrypted. In 2FAS choose Settings, 2FAS Backup, Export, without a password.",
  ],
  bitwarden_encrypted: [
    "encrypted",
    "This Bitwarden export is encrypted. In Bitwarden choose Export vault with the format .json.",
  ],
  entry_damaged: ["entry", "The entry does not have the shape its export promises."],
  too_many: ["text", "There are more than 10000 entries. Paste a smaller export."],
  nothing_inside: ["text", "There is no entry with a one-time code inside."],
} as const satisfies Record<string, readonly [field: string, message: string]>;

export type RefusalReason = keyof typeof refusals;

/** Why nothing could be read. `field` is a name from the format, never the sender's own. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: RefusalReason;
  readonly field: string;
  readonly message: string;
}

/** Why one entry of several could not be read; `index` counts from 0. */
export interface RefusedEntry extends Omit<Refusal, "kind"> {
  readonly index: number;
}

/** @example refuse("secret_missing").message // "The secret is missing." */
export function refuse(reason: RefusalReason): Refusal {
  const [field, message] = refusals[reason];
  return { kind: "refused", reason, field, message };
}

export const isRefusal = (value: object): value is Refusal => "kind" in value && value.kind === "refused";
