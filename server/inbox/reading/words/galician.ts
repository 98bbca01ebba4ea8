import type { LanguageWords } from "./language-words.ts";

export const galician: LanguageWords = {
  nouns: "código|contrasinal|chave",
  purposes: "comproba*|seguranza",
};
