import type { LanguageWords } from "./language-words.ts";

export const czech: LanguageWords = {
  nouns: "kód|kódu|kódem|kod|heslo|hesla|heslem",
  names: "jednorázov* kód",
  purposes: `
    ověři*|ověře*|ověřt*|ověřov*|potvrz*|přihl*|jednoráz*|bezpečnost*|autoriz*|autentiz*|aktiva*|
    obnov*|resetov*|registra*|verifik*|přístup*`,
  handling: "platí|platný|zadejte|použi*|níže|ignor*",
  entering: "zadejte|použi*|zadej*",
  warnings: "nesdělujte|nesdílejte",
  otherCodes: "slevový kód|slevovým kódem|psč",
  discounts: "slev*",
  otherNumbers:
    "objednávk*|objednavk*|účt*|účet|zásilk*|částk*|zůstatek|ičo|ičo:|dič|rezervac*|variabilní symbol",
  linking: "je",
  units: "hodin*",
  money: "kč",
  months: "ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince",
  footers: "odhlásit|odběr",
  signInLinks: "klikn*",
  awayLinks: "odhlásit",
};
