import type { LanguageWords } from "./language-words.ts";

export const irish: LanguageWords = {
  nouns: "cód|chód|pasfhocal",
  purposes: "fíorú*|deimhni*|logáil isteach",
};
