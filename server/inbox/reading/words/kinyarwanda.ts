import type { LanguageWords } from "./language-words.ts";

export const kinyarwanda: LanguageWords = {
  nouns: "kode|umubare w'ibanga|kode yawe",
  purposes: "kwemeza|kwinjira|umutekano",
  otherNumbers: "konti|hamagara",
  units: "iminota",
};
