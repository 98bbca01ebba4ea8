import type { LanguageWords } from "./language-words.ts";

export const bulgarian: LanguageWords = {
  nouns: "код|кодът|кода|кодове|парола|паролата",
  purposes: "потвърд*|еднократ*|сигурност*|достъп*|влизан*|влез*|нулиран*|удостовер*",
  handling: "валиден|въвед*|използва*|по-долу",
  entering: "въвед*|използва*",
  warnings: "не споделя*",
  otherCodes: "код за отстъпка",
  discounts: "отстъпка",
  otherNumbers: "поръчк*|сметк*|пратк*|обади*|еик|резервац*",
  units: "минути|дни",
  money: "лв|лв.|лева",
};
