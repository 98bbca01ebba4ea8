import type { LanguageWords } from "./language-words.ts";

export const tajik: LanguageWords = {
  nouns: "рамз*|код*|парол*",
  purposes: "тасдик*|воридш*|якдафъаина",
  units: "дақиқа*",
};
