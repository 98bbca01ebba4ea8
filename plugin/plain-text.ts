import { z } from "zod";

/** Text that every database holds: no NUL, no half of a surrogate pair. */
export const isPlainText = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** The same as a schema. */
export const plainText = (longest: number) =>
  z.string().max(longest).refine(isPlainText, "Contains a character that cannot be stored.");
