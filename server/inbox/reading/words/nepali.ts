import type { LanguageWords } from "./language-words.ts";

export const nepali: LanguageWords = {
  nouns: "कोड|पासवर्ड|पिन|सङ्केत",
  purposes: "प्रमाणिकरण*|रिसेट|एकपटक*",
};
