import { z } from "zod";

/** Text that every database holds: no NUL, no half of a surrogate pair. */
export const plainText = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine(
      (text) => !text.includes("\0") && text.isWellFormed(),
      "Contains a character that cannot be stored.",
    );
