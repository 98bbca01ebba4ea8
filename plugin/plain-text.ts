import { z } from "zod";

/** The problem of a text, or of a JSON value, that no database can store. */
export const cannotBeStored = "Contains a character that cannot be stored.";

/** Text that every database holds: no NUL, no half of a surrogate pair. */
export const isPlainText = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** The text with every such character replaced. */
export const toPlainText = (text: string, replacement = "\uFFFD"): string =>
  text.toWellFormed().replaceAll("\0", replacement);

/** The same of all texts in a JSON value, and of its keys. */
export const isPlainJson = (value: unknown): boolean => {
  if (typeof value === "string") return isPlainText(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, item]) => isPlainText(name) && isPlainJson(item));
};

/** Plain text as a schema. */
export const plainText = (longest: number) => z.string().max(longest).refine(isPlainText, cannotBeStored);

/**
 * A name that people read in lists, messages and the audit log. Control characters break lines, and marks that turn the
 * direction of text make one name look like another. The two that join letters belong to names in some scripts.
 */
export const visibleText = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .regex(/^(?:[\u200C\u200D]|[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029])*$/u, "Use visible characters only.");

/**
 * Finds Totem's own keys, sessions and links in any text. Leak scanners and redaction use it. The group is the 43
 * characters after the prefix: the secret part.
 */
export const bearerTokenPattern =
  /totem_(?:key|agent|session|link|invitation|mcp|workload|proxy)_([A-Za-z0-9_-]{43})/;
