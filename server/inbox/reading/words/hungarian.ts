import type { LanguageWords } from "./language-words.ts";

export const hungarian: LanguageWords = {
  nouns: "kód|kódja|kódod|kódot|kódját|jelszó|jelszava*|jelszav*",
  compounds: "*kód|*kódja|*kódot|*kódod|*kódját|*kodja|*kodod|*jelszó|*jelszava",
  purposes: `
    ellenőrz*|megerősít*|hitelesít*|bejelentkez*|belép*|egyszer*|biztonsági|azonosító*|aktivál*|
    visszaállít*|regisztrác*|jóváhagy*`,
  handling: "érvényes*|írja be|adja meg|add meg|használ*|alább*|lejár",
  entering: "írja be|adja meg|add meg|használja",
  warnings: "ne ossza meg|ne adja|senkinek",
  otherCodes: "kuponkód|kedvezménykód*|irányítószám|vonalkód",
  discounts: "kedvezmény*",
  otherNumbers: `
    rendelés*|számla*|ügyfél*|kártya*|csomag*|összeg*|egyenleg*|tel|tel.|telefon*|hívja|adószám*|
    foglalás*|ügyszám|ügyiratszám|cégjegyzékszám|hivatkozás*|azonosítószám*`,
  numbering: "szám|száma|számú",
  units: "perc*|másodperc*|óra|órán|nap",
  money: "ft|forint",
  months: `
    január*|február*|március*|április*|május*|június*|július*|augusztus*|szeptember*|október*|
    november*|december*`,
  signInLinks: "kattints*",
};
