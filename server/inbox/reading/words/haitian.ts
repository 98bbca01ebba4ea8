import type { LanguageWords } from "./language-words.ts";

export const haitian: LanguageWords = {
  nouns: "kòd|kod|modpas|mo de pas",
  purposes: "verifika*|konfime*|koneksyon|sekirite",
  otherNumbers: "kòmand|komann",
  units: "minit|nimiti",
};
