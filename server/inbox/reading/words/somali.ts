import type { LanguageWords } from "./language-words.ts";

export const somali: LanguageWords = {
  nouns: "koodh*|koodka*|lambarka sirta|furaha",
  purposes: "xaqiij*|gelitaan|amniga",
  otherNumbers: "akoonka|lacag*",
  units: "daqiiqo",
};
