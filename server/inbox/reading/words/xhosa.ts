import type { LanguageWords } from "./language-words.ts";

export const xhosa: LanguageWords = {
  nouns: "ikhowudi*",
  purposes: "qinisekis*",
};
