import { cleanName } from "./clean-text.ts";
import type { EnrolmentEntry, Reading } from "./enrolment-entry.ts";
import { asFieldText, asObject, asText, isKnownVersion, type JsonObject } from "./json-fields.ts";
import { readEach } from "./read-each.ts";
import { readFields } from "./read-fields.ts";
import { type Refusal, refuse } from "./refusals.ts";

const newestSchema = 4;

export const isTwoFasExport = (file: JsonObject): boolean =>
  "services" in file || "servicesEncrypted" in file;

/**
 * A backup of 2FAS without a password, schema 1 to 4. Early schemas leave out what has a default; the issuer
 * is the service's own name when the code was typed in. Refuses with twofas_encrypted, version_unsupported,
 * entry_damaged.
 */
export function readTwoFas(file: JsonObject): Reading {
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
