import type { LanguageWords } from "./language-words.ts";

export const oromo: LanguageWords = {
  nouns: "koodii*",
  purposes: "mirkaneess*|seensa",
};
