import type { LanguageWords } from "./language-words.ts";

export const norwegian: LanguageWords = {
  nouns: "kode|koden|passord|engangspassord|kodar",
  compounds: "*passord",
  names: "engangspassord*",
  purposes: "bekreft*|innlogg*|logg inn|logge inn|logge på|sikkerhet*|tilgang*|tilbakestill*|pålogging*",
  handling: "utløper|skriv inn|bruk",
  entering: "skriv inn|bruk|tast inn",
  warnings: "del aldri*",
  otherCodes: "rabattkode*|kampanjekode",
  otherNumbers: "bestilling*|kundenr*|referanse*",
  units: "dager|poeng",
  months: "desember",
  signInLinks: "klikk",
  awayLinks: "avmeld",
};
