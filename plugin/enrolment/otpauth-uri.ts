import { trimPaste, withoutInvisible } from "./clean-text.ts";
import { type EnrolmentEntry, type Warning, warn } from "./enrolment-entry.ts";
import { readFields } from "./read-fields.ts";
import { type Refusal, refuse } from "./refusals.ts";
import { decodeValue, readLabel, splitUri } from "./uri-parts.ts";

/** Apple's own scheme carries the same format. */
const scheme = /^(?:apple-)?otpauth:/i;

export const isOtpauthUri = (text: string): boolean => scheme.test(text);

/** The parameters of the Key Uri Format, and KeePassXC's mark of a Steam entry. Others are ignored. */
const known = ["secret", "issuer", "algorithm", "digits", "period", "counter", "encoder"] as const;

/**
 * Reads an `otpauth://` link as people paste it (github.com/google/google-authenticator/wiki/Key-Uri-Format).
 * In the label a `+` is a plus sign, since addresses have it; in a parameter it is a blank.
 *
 * Refuses with link_unknown, type_unsupported, steam_unsupported, parameter_repeated, the reasons of
 * `readSecret`, algorithm_unsupported, digits_unsupported, period_invalid, counter_invalid.
 *
 * @example readOtpauthUri("otpauth://totp/ACME:alice?secret=JBSWY3DPEHPK3PXP") // { type: "totp", issuer: "ACME", … }
 */
export function readOtpauthUri(text: string): EnrolmentEntry | Refusal {
  const uri = withoutInvisible(trimPaste(text));
  if (!isOtpauthUri(uri)) return refuse("link_unknown");
  const { type, label, parameters } = splitUri(uri);
  const repeated = known.find((name) => (parameters.get(name)?.length ?? 0) > 1);
  if (repeated !== undefined) return { ...refuse("parameter_repeated"), field: repeated };

  const value = (name: (typeof known)[number]): string | undefined => {
    const raw = parameters.get(name)?.[0];
    return raw === undefined ? undefined : decodeValue(raw);
  };
  if (value("encoder")?.toLowerCase() === "steam") return refuse("steam_unsupported");
  const { issuer, account, differs } = readLabel(label, value("issuer") ?? null);
  const doubts: readonly Warning[] = [
    ...(differs ? [warn("issuer_differs")] : []),
    ...(account === null ? [warn("account_missing")] : []),
  ];
  return readFields(
    {
      type,
      issuer,
      account,
      secret: value("secret") ?? "",
      algorithm: value("algorithm"),
      digits: value("digits"),
      period: value("period"),
      counter: value("counter"),
    },
    doubts,
  );
}

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
  return `otpauth://${entry.type}/${writtenLabel(entry)}?${parameters.join("&")}`;
}

/** An account with a colon and no issuer gets an empty issuer, or its first part would be read as one. */
function writtenLabel({ issuer, account }: Pick<EnrolmentEntry, "issuer" | "account">): string {
  if (issuer !== null) return `${encode(issuer)}:${encode(account ?? "")}`;
  if (account === null) return "";
  return account.includes(":") ? `:${encode(account)}` : encode(account);
}

/** `encodeURIComponent` throws on half a surrogate pair. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
