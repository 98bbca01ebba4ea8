import type { LanguageWords } from "./language-words.ts";

export const finnish: LanguageWords = {
  nouns: "koodi*|salasana*|tunnus|tunnusluku*|avainluku*",
  compounds: "*koodi|*koodisi|*koodia|*koodilla|*koodin|*koodinne|*tunnus|*tunnuksesi",
  names: "kertakäyttökoodi*|kertakäyttöinen*|kertasalasana*",
  purposes: `
    vahvist*|kirjautu*|sisäänkirjautu*|todennus*|todent*|varmenn*|varmist*|turva*|kerta*|tunnistautu*|
    palautus*|rekisteröi*|aktivoi*|käyttöön*`,
  handling: "voimassa|syötä|käytä|anna|alla",
  entering: "syötä|käytä|anna",
  warnings: "älä jaa|älä kerro|älä luovuta",
  otherCodes: "alennuskoodi*|kampanjakoodi*",
  discounts: "alennus*|alennuksen",
  otherNumbers: `
    tilaus*|lasku*|asiakas*|tili*|kortti*|paketti*|lähety*|summa|saldo|puh|puh.|puhelin*|viite*|
    varaus*|y-tunnus|seurantatunnus*`,
  numbering: "nro",
  linking: "on",
  units: "sekuntia|minuuttia|minuutin|tuntia|tunnin|päivää",
  months: `
    tammikuu*|helmikuu*|maaliskuu*|huhtikuu*|toukokuu*|kesäkuu*|heinäkuu*|elokuu*|syyskuu*|lokakuu*|
    marraskuu*|joulukuu*`,
  footers: "oy",
  signInLinks: "klikkaa",
};
