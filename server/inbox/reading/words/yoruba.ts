import type { LanguageWords } from "./language-words.ts";

export const yoruba: LanguageWords = {
  nouns: "koodu*|ọrọ aṣina",
  purposes: "ìfìdímúlẹ̀|ìjẹ́rìísí",
  otherNumbers: "àkọọ́lẹ̀",
  units: "iṣẹju",
};
