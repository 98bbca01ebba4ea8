import type { LanguageWords } from "./language-words.ts";

export const punjabi: LanguageWords = {
  nouns: "ਕੋਡ*|ਪਾਸਵਰਡ*|ਪਿੰਨ",
  names: "ਓਟੀਪੀ*",
  purposes: "ਤਸਦੀਕ*|ਪੁਸ਼ਟੀ*|ਲੌਗਇਨ*|ਲੌਗ ਇਨ|ਸੁਰੱਖਿਆ",
  otherNumbers: "ਆਰਡਰ|ਖਾਤਾ",
  units: "ਮਿੰਟ*",
};
