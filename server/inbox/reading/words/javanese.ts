import type { LanguageWords } from "./language-words.ts";

export const javanese: LanguageWords = {
  nouns: "kode|sandhi",
};
