import type { LanguageWords } from "./language-words.ts";

export const slovak: LanguageWords = {
  nouns: "kód|kódu|kódom|heslo|hesla|heslom",
  purposes: "potvrď*|prihl*|prístup*",
  handling: "zadajte|nižšie",
  entering: "zadajte",
  warnings: "nezdieľajte",
  otherCodes: "zľavový kód",
  discounts: "zľav*",
  otherNumbers: "zásielk*|čiastk*|suma|zostatok|variabilný symbol",
  units: "minút",
};
