import type { LanguageWords } from "./language-words.ts";

export const tamil: LanguageWords = {
  nouns: "குறியீடு*|குறியீட*|கடவுச்சொல்*|கடவுச்*|குறியீ*",
  names: "ஓடிபி*",
  purposes: "சரிபார்*|உறுதி*|உள்நுழை*|பாதுகாப்பு*|ஒருமுறை*|ஒரு முறை",
  handling: "லிட|உள்ளிட*|பயன்படுத்*|செல்லும்",
  entering: "உள்ளிடவும்|பயன்படுத்தவும்",
  warnings: "பகிர*",
  discounts: "தள்ளுபடி",
  otherNumbers: "ஆர்டர்*|கணக்கு*|தொகை*|அழைக்க*",
  numbering: "நம்பர்",
  units: "நிமிட*",
  money: "ரூ",
};
