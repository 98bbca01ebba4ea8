import type { LanguageWords } from "./language-words.ts";

export const marathi: LanguageWords = {
  nouns: "कोड|पासवर्ड|पिन|सांकेतिक",
  purposes: "पडताळणी*",
  units: "मिनिट*",
};
