import type { LanguageWords } from "./language-words.ts";

export const estonian: LanguageWords = {
  nouns: "kood|kood*|salasõna*|parool*|pin-kood*",
  compounds: "*kood|*koodiks",
  purposes: `
    kinnitus*|kinnita*|sisselogi*|logi sisse|turva*|ühekordne|taasseadmi*|autenti*|aktiveeri*|
    registreeri*|sisenemi*`,
  handling: "kehtib|sisesta*|kasuta|allpool|alljärgnev*",
  entering: "sisesta*|kasuta*",
  warnings: "ära jaga|ärge jagage",
  otherCodes: "sooduskood*",
  discounts: "soodustus*",
  otherNumbers: "tellimus*|arve*|arve number|klient*|konto|kaart*|pakk*|tel|telefon*|viitenumber|broneering*",
  units: "minutit|minuti|tundi|päeva",
  months: "jaanuar|veebruar|märts|aprill|juuni|juuli|detsember",
};
