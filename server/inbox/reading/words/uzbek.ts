import type { LanguageWords } from "./language-words.ts";

export const uzbek: LanguageWords = {
  nouns: "kod|kodi|kodni|kodingiz*|parol|paroli|parolingiz*|код|коди|кодингиз*",
  purposes: "тасдиқ*|tasdiq*|kirish*|bir martalik|xavfsiz*",
  handling: "amal qiladi|kiriting",
  entering: "kiriting",
  warnings: "hech kimga",
  otherNumbers: "буюртма*|buyurtma*|hisob*",
  units: "daqiqa*|soat",
  money: "so'm|сум",
};
