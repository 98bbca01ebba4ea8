import type { LanguageWords } from "./language-words.ts";

export const tigrinya: LanguageWords = {
  nouns: "ኮድ*",
  purposes: "ኣረጋግጽ",
};
