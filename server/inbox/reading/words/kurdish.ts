import type { LanguageWords } from "./language-words.ts";

export const kurdish: LanguageWords = {
  nouns: "کۆد*|وشەی نهێنی|تێپەڕەوشە|koda|kodê|kod|şîfre",
  purposes: "دڵنیاکردن*|پشتڕاست*|چوونەژوورەوە|piştrast*|têketin*|پشتراست*|ناسنامەی",
  otherNumbers: "ئۆردەر|ژمارەی",
};
