import type { LanguageWords } from "./language-words.ts";

export const latvian: LanguageWords = {
  nouns: "kods|kod*|parole|parol*|paroli",
  purposes: `
    apstiprin*|verifik*|pieteik*|pierakst*|drošīb*|vienreiz*|autentifik*|atiestat*|aktiviz*|pieslēg*|
    reģistr*`,
  handling: "derīg*|ievad*|izmanto*|zemāk",
  entering: "ievad*|izmanto*",
  warnings: "nekam neizp*|neizpaud*",
  otherCodes: "atlaides kod*",
  discounts: "atlaid*",
  otherNumbers: "pasūtījum*|rēķin*|klient*|kont*|kart*|sūtījum*|tālr*|summa|atlikums",
  units: "minūtes|stund*",
};
