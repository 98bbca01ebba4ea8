import type { LanguageWords } from "./language-words.ts";

export const assamese: LanguageWords = {
  nouns: "ক’ড*|ক'ড*",
  purposes: "সত্যাপন*",
};
