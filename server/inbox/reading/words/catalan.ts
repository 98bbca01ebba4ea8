import type { LanguageWords } from "./language-words.ts";

export const catalan: LanguageWords = {
  nouns: "codi|codis|contrasenya|clau",
  purposes: "comprova*|autoritza*|accés|inici de sessió|iniciar sessió|seguretat",
  handling: "introduïu|més avall",
  entering: "introduïu|utilitzeu",
  warnings: "no comparteixi*|no comparti*",
  otherCodes: "codi promocional|codi postal",
  otherNumbers: "comanda*|targeta",
  units: "minuts|hores",
};
