import type { LanguageWords } from "./language-words.ts";

export const dutch: LanguageWords = {
  nouns: "wachtwoord|pincode|cijfercode|toegangscode|kode|cijfers",
  compounds: "*wachtwoord",
  purposes: `
    verific*|verifieer*|bevestig*|inlog*|in te loggen|log in|aan te melden|aanmeld*|beveilig*|
    eenmalig*|toegang*|herstel*|activeer*|activer*|registrat*|authentic*`,
  handling: "geldig|verloopt|vul|voer|gebruik|onderstaande|hieronder|negeren",
  entering: "voer|vul|gebruik|gebruiken",
  warnings: "deel*|nooit",
  otherCodes: "kortingscode*|actiecode|waardecode|kadocode|kadobon*|postcode*|foutcode*",
  discounts: "korting",
  otherNumbers: `
    bestelling|bestelnummer|order|factuur*|klant*|klantnummer|rekening*|kaart|pakket|zending*|bedrag|
    saldo|tel|telefoon*|bel|kvk|btw|dossier*|reservering*|eindigend op|kenmerk|postbus|polis*`,
  linking: "luidt",
  units: "seconden|uur|dagen|dag|punten|stappen",
  months: "januari|februari|maart|mei|augustus",
  footers: "b.v.|afmelden|uitschrijven|kvk|straat",
  machineTalk: "negeer alle|vorige instructies",
  signInLinks: "klik op",
  awayLinks: "afmelden|voorkeuren",
};
