import type { LanguageWords } from "./language-words.ts";

export const albanian: LanguageWords = {
  nouns: "kodi|kodin|kod|kodi*|fjalëkalim*",
  purposes: `
    verifik*|konfirm*|hyrje*|hyrjes|identifik*|siguri*|njëherësh*|një-përdorimsh*|aktivizi*|vërtet*|
    rivendos*|kyçje*|kyçjes`,
  handling: "skadon|vendos*|përdor*",
  entering: "vendosni|përdorni",
  warnings: "mos e ndani|mos ndani",
  otherCodes: "kod zbritjeje",
  discounts: "zbritje",
  otherNumbers: "porosi*|faturë*|llogari*|shuma|bilanci|telefon*",
  units: "orë",
  money: "lekë",
};
