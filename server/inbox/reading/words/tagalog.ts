import type { LanguageWords } from "./language-words.ts";

export const tagalog: LanguageWords = {
  nouns: "code mo|password mo|kodigo|code na",
  purposes: `
    pag-verify|beripikasyon|pagpapatunay|kumpirmasyon|seguridad|mag-login|pag-log|isang beses|
    verifikasyon|minsanang`,
  handling: "ilagay|gamitin",
  entering: "ilagay|gamitin",
  warnings: "huwag ibahagi|huwag ibigay",
  otherNumbers: "numero ng order|tawag|tawagan|balanse",
  units: "minuto|oras|araw",
};
