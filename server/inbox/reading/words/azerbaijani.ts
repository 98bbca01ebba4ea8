import type { LanguageWords } from "./language-words.ts";

export const azerbaijani: LanguageWords = {
  nouns: "kod|kodu|kodunuz*|kodun|kodu*|şifrə*|parol*",
  purposes: "tesdiq*|təsdiq*|daxil ol*|birdəfəlik|təhlükəsizlik|bərpa*|qeydiyyat*",
  handling: "etibarlı*|daxil edin|istifadə",
  entering: "daxil edin|istifadə edin",
  warnings: "heç kimlə|paylaşmayın",
  otherCodes: "endirim kodu",
  discounts: "endirim*",
  otherNumbers: "sifariş*|müştəri*|məbləğ|qalıq|zəng|bağlama*",
  numbering: "nömrə*",
  units: "dəqiqə*",
};
