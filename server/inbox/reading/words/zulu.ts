import type { LanguageWords } from "./language-words.ts";

export const zulu: LanguageWords = {
  nouns: "ikhodi*|iphasiwedi|ikhowudi*",
  purposes: "ukuqinisekisa|ukungena|ukuphepha",
  otherNumbers: "i-oda|i-akhawunti|shayela",
  units: "imizuzu",
};
