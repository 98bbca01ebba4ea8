import type { LanguageWords } from "./language-words.ts";

export const kazakh: LanguageWords = {
  nouns: "код|коды|кодты|кодыңыз*|код*|құпиясөз*|құпия сөз*|құпиясөзі*",
  purposes: "растау*|растаңыз*|растаук*|кіру*|бір реттік|қауіпсіз*",
  handling: "жарамды|енгіз*",
  entering: "енгіз*",
  warnings: "ешкімге",
  otherNumbers: "тапсырыс*|шот*|қоңырау",
  units: "минуттан",
  money: "тг|тенге",
};
