import type { LanguageWords } from "./language-words.ts";

export const lithuanian: LanguageWords = {
  nouns: "kodas|kodu*|kodą|kodo|slaptažod*",
  purposes: `
    patvirtin*|prisijung*|saugos|saugumo|vienkart*|autentifik*|atstatym*|aktyvav*|atkūrim*|registrac*|
    tapatyb*|nustatym*`,
  handling: "galioja|įves*|naudo*|žemiau",
  entering: "įves*|naudo*",
  warnings: "nesidalin*|niekam nesak*",
  otherCodes: "nuolaidos kod*",
  discounts: "nuolaid*",
  otherNumbers: "užsakym*|sąskait*|klient*|kortel*|siunt*|tel|suma|likutis|rezervac*",
  linking: "ir",
  units: "minučių|minutes|valand*|dien*",
};
