import type { LanguageWords } from "./language-words.ts";

export const igbo: LanguageWords = {
  nouns: "koodu|okwuntughe",
  purposes: "nkwenye|nchekwa",
};
