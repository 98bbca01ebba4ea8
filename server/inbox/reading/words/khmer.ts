import type { LanguageWords } from "./language-words.ts";

export const khmer: LanguageWords = {
  nouns: "លេខកូដ|កូដ|ពាក្យសម្ងាត់|លេខសម្ងាត់",
  purposes: "ផ្ទៀងផ្ទាត់|ចូល|សុវត្ថិភាព|បញ្ជាក់",
  handling: "ប្រើ|បញ្ចូល",
  entering: "ប្រើ|បញ្ចូល",
  otherNumbers: "ទូរស័ព្ទ|គណនី|ការបញ្ជាទិញ",
  units: "នាទី",
};
