import type { LanguageWords } from "./language-words.ts";

export const kyrgyz: LanguageWords = {
  nouns: "код|коду|кодуңуз*|кодун|сырсөз*",
  purposes: "тасты*|ырастоо*|кирүү*|бир жолку|тиркелүү*",
  entering: "киргиз*",
  warnings: "эч кимге",
  otherNumbers: "буйрутма*",
  money: "сом",
};
