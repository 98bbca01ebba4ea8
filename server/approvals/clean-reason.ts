import { maskTokens } from "../redaction/mask.ts";

/** Longer reasons are cut: a person reads them at a glance. */
const longest = 300;

/** Control characters, marks that turn the direction of text, and characters that take no room. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\p{Variation_Selector}/gu;
/** Marks that pile up over a letter. */
const piledMarks = /(\p{M}{2})\p{M}+/gu;

/** The words that a model gave as its reason, as one line of plain text. They are data: Totem acts on none of them. */
export function cleanReason(words: string): string | null {
  const line = maskTokens(words.toWellFormed())
    .replace(/\s+/gu, " ")
    .replace(unseen, "")
    .replace(piledMarks, "$1")
    .trim();
  if (line === "") return null;
  const signs = [...line];
  return signs.length <= longest ? line : `${signs.slice(0, longest - 1).join("")}…`;
}
