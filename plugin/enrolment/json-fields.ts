/** A JSON object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for anything that is no JSON object. */
export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** Null for anything that is no text. */
export const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Text or a number as text, absent for null; anything else becomes a text no field accepts. */
export function asFieldText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : "(not text)";
}

/** Whether an export's version is one of those known here: whole numbers from 1. */
export const isKnownVersion = (value: unknown, newest: number): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= newest;
