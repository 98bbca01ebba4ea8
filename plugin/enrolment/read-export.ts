import type { Reading } from "./enrolment-entry.ts";
import { asObject } from "./json-fields.ts";
import { isAegisExport, readAegis } from "./read-aegis.ts";
import { isBitwardenExport, readBitwarden } from "./read-bitwarden.ts";
import { isTwoFasExport, readTwoFas } from "./read-two-fas.ts";
import { refuse } from "./refusals.ts";

/**
 * Reads the JSON export of another authenticator. Which one it is follows from the keys only that one has.
 * Refuses with json_damaged, export_unknown, and the reasons of the format.
 *
 * @example readExport('{"schemaVersion":4,"services":[…]}') // { kind: "entries", source: "2fas", … }
 */
export function readExport(text: string): Reading {
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
