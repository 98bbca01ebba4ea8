import type { LanguageWords } from "./language-words.ts";

export const mongolian: LanguageWords = {
  nouns: "код|кодыг|кодоо|нууц үг*|код*",
  purposes: "баталгаажуул*|нэвтр*|нэг удаа*|сэргээ*|аюулгүй*|бүртгэл*",
  handling: "оруул*|доор",
  entering: "оруул*",
  warnings: "хэнд ч",
  otherNumbers: "захиалг*|данс*|утас*|дүн|үлдэгдэл",
  units: "цаг",
};
