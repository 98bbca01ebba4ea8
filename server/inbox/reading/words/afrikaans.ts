import type { LanguageWords } from "./language-words.ts";

export const afrikaans: LanguageWords = {
  nouns: "kode|wagwoord",
  purposes: "verifieer*|verifikasie*|bevestig*|aanmeld*|eenmalige|sekuriteit*",
};
