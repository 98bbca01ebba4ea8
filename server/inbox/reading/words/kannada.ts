import type { LanguageWords } from "./language-words.ts";

export const kannada: LanguageWords = {
  nouns: "ಕೋಡ್*|ಪಾಸ್‌ವರ್ಡ್*|ಪಾಸ್ವರ್ಡ್*|ಸಂಕೇತ*",
  names: "ಒಟಿಪಿ*",
  purposes: "ಪರಿಶೀಲನ*|ದೃಢೀಕರಣ*|ಲಾಗಿನ್*|ಭದ್ರತಾ*|ಒಂದು ಬಾರಿ",
  handling: "ಮಾನ್ಯ*|ನಮೂದಿಸಿ|ಬಳಸಿ",
  entering: "ಬಳಸಿ",
  warnings: "ಹಂಚಿಕೊ*",
  otherNumbers: "ಆರ್ಡರ್*|ಖಾತೆ*|ಕರೆ",
  units: "ನಿಮಿಷ*",
};
