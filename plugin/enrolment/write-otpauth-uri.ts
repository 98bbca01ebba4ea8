import type { EnrolmentEntry } from "./enrolment-entry.ts";

/**
 * The canonical `otpauth://` link of an entry, for a QR code (Key Uri Format). `readOtpauthUri` gives the
 * same entry back. Every parameter is written, since some authenticators have defaults of their own.
 * The link holds the secret: show it, never log it.
 *
 * @example writeOtpauthUri(entry) // "otpauth://totp/ACME:alice?secret=JBSW…&issuer=ACME&algorithm=SHA1&digits=6&period=30"
 */
export function writeOtpauthUri(
  entry: Pick<EnrolmentEntry, "issuer" | "account" | "secret" | "algorithm" | "digits"> &
    ({ type: "totp"; period: number } | { type: "hotp"; counter: number }),
): string {
  const parameters = [
    `secret=${entry.secret}`,
    ...(entry.issuer === null ? [] : [`issuer=${encode(entry.issuer)}`]),
    `algorithm=${entry.algorithm}`,
    `digits=${entry.digits}`,
    entry.type === "totp" ? `period=${entry.period}` : `counter=${entry.counter}`,
  ];
  return `otpauth://${entry.type}/${labelOf(entry)}?${parameters.join("&")}`;
}

/** An account with a colon and no issuer gets an empty issuer, or its first part would be read as one. */
function labelOf({ issuer, account }: Pick<EnrolmentEntry, "issuer" | "account">): string {
  if (issuer !== null) return `${encode(issuer)}:${encode(account ?? "")}`;
  if (account === null) return "";
  return account.includes(":") ? `:${encode(account)}` : encode(account);
}

/** `encodeURIComponent` throws on half a surrogate pair. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
