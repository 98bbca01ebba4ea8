import { cleanName, shortenName, trimPaste, withoutInvisible } from "./clean-text.ts";
import type { EnrolmentEntry, EnrolmentLogin, Reading } from "./enrolment-entry.ts";
import { asFieldText, asObject, asText, type JsonObject } from "./json-fields.ts";
import { labelOf } from "./label-of.ts";
import { readEach } from "./read-each.ts";
import { readFields } from "./read-fields.ts";
import { isOtpauthUri, readOtpauthUri } from "./read-otpauth-uri.ts";
import { isRefusal, type Refusal, refuse } from "./refusals.ts";

export const isBitwardenExport = (file: JsonObject): boolean => "encrypted" in file || "items" in file;

/**
 * An unencrypted JSON export of Bitwarden. Items without a one-time code are passed over; `login` brings
 * what stood beside it. Refuses with bitwarden_encrypted, entry_damaged, nothing_inside.
 */
export function readBitwarden(file: JsonObject): Reading {
  if (file.encrypted === true || file.passwordProtected === true) return refuse("bitwarden_encrypted");
  if (!Array.isArray(file.items)) return refuse("entry_damaged");
  return readEach("bitwarden", file.items, readItem);
}

function readItem(value: unknown): EnrolmentEntry | Refusal | undefined {
  const item = asObject(value);
  if (item === undefined) return refuse("entry_damaged");
  const login = asObject(item.login);
  const totp = trimPaste(asFieldText(login?.totp) ?? "");
  if (login === undefined || totp === "") return undefined;
  const issuer = cleanName(asText(item.name) ?? "");
  const account = cleanName(asText(login.username) ?? "");
  const entry = readTotp(totp, issuer, account);
  return isRefusal(entry) ? entry : { ...entry, login: readLogin(login) };
}

/** A link, a bare key, or Steam's own kind. What a link leaves out, the item's name and user fill in. */
function readTotp(totp: string, issuer: string | null, account: string | null): EnrolmentEntry | Refusal {
  if (/^steam:/i.test(totp)) return refuse("steam_unsupported");
  if (!isOtpauthUri(withoutInvisible(totp)))
    return readFields({ type: "totp", issuer, account, secret: totp });
  const entry = readOtpauthUri(totp);
  if (isRefusal(entry)) return entry;
  const named = {
    issuer: entry.issuer ?? (issuer === null ? null : shortenName(issuer)),
    account: entry.account ?? (account === null ? null : shortenName(account)),
  };
  const warnings = entry.warnings.filter(({ code }) => code !== "account_missing" || named.account === null);
  return { ...entry, ...named, label: labelOf(named), warnings };
}

function readLogin(login: JsonObject): EnrolmentLogin {
  const uris = Array.isArray(login.uris) ? login.uris : [];
  return {
    username: asText(login.username),
    password: asText(login.password),
    uris: uris.map((each) => asText(asObject(each)?.uri)).filter((uri) => uri !== null),
  };
}
