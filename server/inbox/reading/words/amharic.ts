import type { LanguageWords } from "./language-words.ts";

export const amharic: LanguageWords = {
  nouns: "ኮድ*|የይለፍ ቃል*|የይለፍ ቁጥር",
  purposes: "ማረጋገጫ|የማረጋገጫ*|መግቢያ|የመግቢያ|የደህንነት",
  handling: "የሚያበቃ|ያስገቡ",
  warnings: "ለማንም",
  otherNumbers: "ትዕዛዝ|ሂሳብ|ስልክ|ቀሪ",
  units: "ደቂቃ*",
  money: "ብር",
};
