import type { LanguageWords } from "./language-words.ts";

export const armenian: LanguageWords = {
  nouns: "կոդ*|ծածկագիր*|ծածկագր*|գաղտնաբառ*|կոդը",
  purposes: "հաստատ*|մուտք*|մեկանգամյա|անվտանգ*|վավերաց*|ակտիվաց*|նույնականաց*|վերականգն*",
  handling: "մուտքագր*|վավեր*|օգտագործ*",
  entering: "մուտքագրեք|օգտագործեք",
  warnings: "ոչ մեկի|մի տրամադր*",
  discounts: "զեղչ*",
  otherNumbers: "պատվեր*|հաշիվ*|հաշվ*|քարտ*|գումար*|մնացորդ*|զանգահար*|հեռ*",
  numbering: "համար",
  units: "րոպե*|ժամ*",
  money: "դրամ",
};
