import type { LanguageWords } from "./language-words.ts";

export const georgian: LanguageWords = {
  nouns: "კოდი*|კოდ*|პაროლი*|kodi",
  purposes: `
    დადასტურ*|დამადასტურ*|ვერიფიკ*|შესვლ*|ავტორიზ*|ერთჯერად*|უსაფრთხო*|აღდგენ*|აქტივაცი*|რეგისტრაცი*|
    ertjeradi|dadasturebis`,
  handling: "შეიყვან*|გამოიყენ*|მოქმედ*|ქვემოთ",
  entering: "შეიყვანეთ|გამოიყენეთ",
  warnings: "არავის",
  otherCodes: "კოდექსი|რეფერალ*",
  discounts: "ფასდაკლებ*",
  otherNumbers: "შეკვეთ*|ანგარიშ*|ბარათ*|თანხ*|ნაშთ*|ტელ*|დარეკ*|ინვოის*",
  numbering: "ნომერი",
  units: "წუთ*|საათ*",
  money: "ლარი",
};
