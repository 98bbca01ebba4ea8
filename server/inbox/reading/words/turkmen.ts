import type { LanguageWords } from "./language-words.ts";

export const turkmen: LanguageWords = {
  nouns: "kod|kody|koduňyz*|açar söz*|parol*",
  purposes: "tassyk*|giriş*",
};
