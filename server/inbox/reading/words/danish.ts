import type { LanguageWords } from "./language-words.ts";

export const danish: LanguageWords = {
  nouns: "kode|koden|adgangskode|kodeord",
  compounds: "*kode|*adgangskode",
  names: "engangskode*",
  purposes:
    "bekræft*|verifik*|logge ind|log ind|sikkerhed*|engangs*|adgang*|nulstil*|godkend*|gendann*|logind*",
  handling: "gyldig|udløber|indtast|brug|nedenfor",
  entering: "indtast|tast|brug",
  warnings: "del ikke|aldrig dele|udlever aldrig",
  otherCodes: "rabatkode*|kampagnekode",
  otherNumbers: "ordre*|kunde*|pakke*|forsendelse*|beløb*|tlf|booking*|cvr|reference*",
  linking: "er",
  units: "minutter|timer",
  money: "kr.",
  months: "december",
  footers: "a/s",
  signInLinks: "klik på",
};
