import type { LanguageWords } from "./language-words.ts";

export const macedonian: LanguageWords = {
  nouns: "код|кодот|кодови|лозинка|лозинката|шифра",
  purposes: "потвр*|пристап*|најав*|најавув*|доверба",
  handling: "валид*|внес*|подолу",
  entering: "внес*|употреб*",
  otherCodes: "код за попуст",
  discounts: "попуст",
  otherNumbers: "порачк*|јавете",
  units: "дена",
  money: "ден",
};
