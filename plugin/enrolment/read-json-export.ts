import { cleanName, shortenName, trimPaste, withoutInvisible } from "./clean-text.ts";
import { type EnrolmentEntry, type EnrolmentLogin, labelOf, type Reading } from "./enrolment-entry.ts";
import { isOtpauthUri, readOtpauthUri } from "./otpauth-uri.ts";
import { readEach, readFields } from "./read-fields.ts";
import { isRefusal, type Refusal, refuse } from "./refusals.ts";

/**
 * Reads the JSON export of another authenticator. Which one it is follows from the keys only that one has.
 * Refuses with json_damaged, export_unknown, and the reasons of the format.
 *
 * @example readJsonExport('{"schemaVersion":4,"services":[…]}') // { kind: "entries", source: "2fas", … }
 */
export function readJsonExport(text: string): Reading {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return refuse("json_damaged");
  }
  const file = asObject(parsed);
  if (file === undefined) return refuse("export_unknown");
  if (isAegisExport(file)) return readAegis(file);
  if (isTwoFasExport(file)) return readTwoFas(file);
  if (isBitwardenExport(file)) return readBitwarden(file);
  return refuse("export_unknown");
}

const newestVersion = 3;

const isAegisExport = (file: JsonObject): boolean => "db" in file && "header" in file;

/**
 * A vault of Aegis exported without encryption, database versions 1 to 3 (Aegis, docs/vault.md): those
 * differ only in groups and icons. Refuses with aegis_encrypted, version_unsupported, entry_damaged.
 */
function readAegis(file: JsonObject): Reading {
  const slots = asObject(file.header)?.slots;
  if (typeof file.db === "string" || (Array.isArray(slots) && slots.length > 0))
    return refuse("aegis_encrypted");
  const database = asObject(file.db);
  if (!isKnownVersion(database?.version, newestVersion)) return refuse("version_unsupported");
  if (!Array.isArray(database?.entries)) return refuse("entry_damaged");
  return readEach("aegis", database.entries, readAegisEntry);
}

function readAegisEntry(value: unknown): EnrolmentEntry | Refusal {
  const entry = asObject(value);
  const info = asObject(entry?.info);
  if (entry === undefined || info === undefined) return refuse("entry_damaged");
  return readFields({
    type: asText(entry.type) ?? "",
    issuer: cleanName(asText(entry.issuer) ?? ""),
    account: cleanName(asText(entry.name) ?? ""),
    secret: asFieldText(info.secret) ?? "",
    algorithm: asFieldText(info.algo),
    digits: asFieldText(info.digits),
    period: asFieldText(info.period),
    counter: asFieldText(info.counter),
  });
}

const newestSchema = 4;

const isTwoFasExport = (file: JsonObject): boolean => "services" in file || "servicesEncrypted" in file;

/**
 * A backup of 2FAS without a password, schema 1 to 4. Early schemas leave out what has a default; the issuer
 * is the service's own name when the code was typed in. Refuses with twofas_encrypted, version_unsupported,
 * entry_damaged.
 */
function readTwoFas(file: JsonObject): Reading {
  if (typeof file.servicesEncrypted === "string" && file.servicesEncrypted !== "")
    return refuse("twofas_encrypted");
  if (!isKnownVersion(file.schemaVersion, newestSchema)) return refuse("version_unsupported");
  if (!Array.isArray(file.services)) return refuse("entry_damaged");
  return readEach("2fas", file.services, readService);
}

function readService(value: unknown): EnrolmentEntry | Refusal {
  const service = asObject(value);
  if (service === undefined) return refuse("entry_damaged");
  const otp = asObject(service.otp) ?? {};
  return readFields({
    type: asFieldText(otp.tokenType) || "totp",
    issuer: cleanName(asText(otp.issuer) ?? "") ?? cleanName(asText(service.name) ?? ""),
    account: cleanName(asText(otp.account) ?? ""),
    secret: asFieldText(service.secret) ?? "",
    algorithm: asFieldText(otp.algorithm),
    digits: asFieldText(otp.digits),
    period: asFieldText(otp.period),
    counter: asFieldText(otp.counter),
  });
}

const isBitwardenExport = (file: JsonObject): boolean => "encrypted" in file || "items" in file;

/**
 * An unencrypted JSON export of Bitwarden. Items without a one-time code are skipped; `login` holds the username, the
 * password and the addresses of the item. Refuses with bitwarden_encrypted, entry_damaged, nothing_inside.
 */
function readBitwarden(file: JsonObject): Reading {
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

/** A link, a bare key, or Steam's own kind. The item's name and user replace what a link leaves out. */
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

/** A JSON object whose fields are not known yet. */
type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for anything that is no JSON object. */
const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** Null for anything that is no text. */
const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Text or a number as text, absent for null; anything else becomes a text no field accepts. */
function asFieldText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : "(not text)";
}

/** Whether an export's version is one of those known here: whole numbers from 1. */
const isKnownVersion = (value: unknown, newest: number): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= newest;
