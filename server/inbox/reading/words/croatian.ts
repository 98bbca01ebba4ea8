import type { LanguageWords } from "./language-words.ts";

export const croatian: LanguageWords = {
  nouns: "kod|koda|kodom|kôd|lozinka|lozinku|lozinke|šifra|šifru|zaporka|zaporku|pin",
  purposes: `
    potvrd*|verifik*|prijav*|jednokrat*|sigurno*|autoriz*|autentif*|aktivac*|provjer*|resetir*|
    registra*|pristup*|ponovno postavljanje|poništ*`,
  handling: "vrijedi|unesi*|koristi*|ispod|dolje",
  entering: "unesi*|koristi*|upišite",
  warnings: "nemojte dijeliti|ne dijelite",
  otherCodes: "kod za popust|promo kod*|poštanski broj",
  discounts: "popust*",
  otherNumbers: "narudžb*|narudzb*|kupac|pošiljk*|iznos|stanje|oib|broj računa|poziv na broj|telefon*|zovi*",
  numbering: "broj",
  units: "dana|sat|sata|sati",
};
