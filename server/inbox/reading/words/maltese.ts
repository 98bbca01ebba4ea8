import type { LanguageWords } from "./language-words.ts";

export const maltese: LanguageWords = {
  nouns: "kodiċi|il-kodiċi",
};
