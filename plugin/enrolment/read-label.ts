import { cleanName } from "./clean-text.ts";

/** `differs`: the label named another issuer than the parameter. */
export interface LabelReading {
  readonly issuer: string | null;
  readonly account: string | null;
  readonly differs: boolean;
}

/**
 * Issuer and account of a decoded key URI label. An issuer given on its own wins over one in the label
 * (Key Uri Format, "Issuer"); they count as the same when only case, or `+` for a blank, tells them apart.
 *
 * @example readLabel("ACME: alice", null) // { issuer: "ACME", account: "alice", differs: false }
 */
export function readLabel(text: string, issuerParameter: string | null): LabelReading {
  const label = cleanName(text) ?? "";
  const issuer = issuerParameter === null ? null : cleanName(issuerParameter);
  // Neither part should have a colon. Where the issuer has one, this still finds where it ends.
  if (issuer !== null && label.startsWith(`${issuer}:`)) {
    return { issuer, account: cleanName(label.slice(issuer.length + 1)), differs: false };
  }
  const colon = label.indexOf(":");
  const prefix = colon < 0 ? null : cleanName(label.slice(0, colon));
  return {
    issuer: issuer ?? prefix,
    account: cleanName(label.slice(colon + 1)),
    differs: issuer !== null && prefix !== null && comparable(issuer) !== comparable(prefix),
  };
}

const comparable = (issuer: string): string => issuer.replaceAll("+", " ").trim().toLowerCase();
