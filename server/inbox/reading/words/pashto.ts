import type { LanguageWords } from "./language-words.ts";

export const pashto: LanguageWords = {
  nouns: "کوډ|پاسورډ|پټ نوم",
  purposes: "تایید|تائید|ننوتل*",
};
