import type { LanguageWords } from "./language-words.ts";

export const welsh: LanguageWords = {
  nouns: "cod|côd|cyfrinair",
  purposes: "dilysu|gwirio|mewngofnodi|cadarnhau",
};
