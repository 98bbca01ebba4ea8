import type { LanguageWords } from "./language-words.ts";

export const gujarati: LanguageWords = {
  nouns: "કોડ*|પાસવર્ડ*|પિન",
  names: "ઓટીપી*",
  purposes: "ચકાસણી*|લૉગિન*|લોગિન*|સુરક્ષા*|ખાતરી*|પુષ્ટિ*",
  entering: "દાખલ કરો",
  warnings: "શેર કરશો નહીં",
  otherNumbers: "ઓર્ડર*|ખાતા*|રકમ",
  units: "મિનિટ*",
};
