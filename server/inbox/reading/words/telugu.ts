import type { LanguageWords } from "./language-words.ts";

export const telugu: LanguageWords = {
  nouns: "కోడ్*|పాస్‌వర్డ్*|పాస్వర్డ్*|సంకేతపదం*",
  names: "ఓటీపీ*",
  purposes: "ధృవీకరణ*|ధృవీక*|నిర్ధారణ*|లాగిన్*|భద్రతా*|ఒక్కసారి*",
  handling: "చెల్లు*|నమోదు|ఉపయోగ*",
  entering: "నమోదు చేయండి",
  warnings: "షేర్ చేయ*|పంచుకో*",
  otherNumbers: "ఆర్డర్*|ఖాతా*|కాల్",
  numbering: "నంబర్",
  units: "నిమిష*",
  money: "రూ",
};
