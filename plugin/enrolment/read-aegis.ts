import { cleanName } from "./clean-text.ts";
import type { EnrolmentEntry, Reading } from "./enrolment-entry.ts";
import { asFieldText, asObject, asText, isKnownVersion, type JsonObject } from "./json-fields.ts";
import { readEach } from "./read-each.ts";
import { readFields } from "./read-fields.ts";
import { type Refusal, refuse } from "./refusals.ts";

const newestVersion = 3;

export const isAegisExport = (file: JsonObject): boolean => "db" in file && "header" in file;

/**
 * A vault of Aegis exported without encryption, database versions 1 to 3 (Aegis, docs/vault.md): those
 * differ in groups and icons only. Refuses with aegis_encrypted, version_unsupported, entry_damaged.
 */
export function readAegis(file: JsonObject): Reading {
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
