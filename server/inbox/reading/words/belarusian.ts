import type { LanguageWords } from "./language-words.ts";

export const belarusian: LanguageWords = {
  nouns: "код|кода|кодам|пароль|пароля",
  purposes: "пацвер*|ўваход*|рэгістрац*",
  entering: "увядзіце",
  warnings: "не паведамл*",
  otherNumbers: "замова",
};
