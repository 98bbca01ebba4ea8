import type { LanguageWords } from "./language-words.ts";

export const icelandic: LanguageWords = {
  nouns: "kóði*|kóða*|lykilorð|aðgangsorð",
  compounds: "*kóði|*kóðinn|*kóða",
  purposes: "innskráning*|staðfest*|öryggis*|einnota",
  discounts: "afslátt*",
  otherNumbers: "pöntun|reikning*|sími|upphæð",
};
