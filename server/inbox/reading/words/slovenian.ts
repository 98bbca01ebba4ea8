import type { LanguageWords } from "./language-words.ts";

export const slovenian: LanguageWords = {
  nouns: "koda|kodo|kode|geslo|gesla|šifra|šifro",
  purposes: `
    potrd*|potrjev*|prijav*|enkrat*|varnost*|preverit*|preverjanj*|overit*|overjanj*|aktivac*|
    ponastav*|registra*|avtentik*`,
  handling: "veljavn*|vnesi*|uporabi*|spodaj",
  entering: "vnesi*|uporabi*",
  warnings: "nikomur|ne delite",
  otherCodes: "koda za popust|promocijska koda",
  otherNumbers: "naročil*|račun*|strank*|kartic*|pošiljk*|znesek|stanje|davčna",
  units: "ur",
};
