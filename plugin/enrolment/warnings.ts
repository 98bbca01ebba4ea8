/** What is odd about an entry that is taken all the same. Stable codes; constant sentences. */
export const warnings = {
  weak_secret: "The secret has fewer than the 128 bits that RFC 4226 asks for.",
  secret_odd_length: "The secret has a length that base32 never has; a character may be missing.",
  secret_may_be_hex: "The secret may be hexadecimal; it was read as base32. Check the first code.",
  issuer_differs: "The label names another issuer than the issuer parameter; the parameter was taken.",
  account_missing: "There is no account name.",
  counter_missing: "There is no counter; it starts at 0.",
  name_shortened: "A name was longer than 200 characters and was cut.",
} as const;

export type WarningCode = keyof typeof warnings;

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

/** @example warn("weak_secret").code // "weak_secret" */
export const warn = (code: WarningCode): Warning => ({ code, message: warnings[code] });
