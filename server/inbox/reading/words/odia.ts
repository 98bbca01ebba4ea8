import type { LanguageWords } from "./language-words.ts";

export const odia: LanguageWords = {
  nouns: "କୋଡ*|ପାସୱାର୍ଡ*",
  purposes: "ଯାଞ୍ଚ*|ସତ୍ୟାପନ*|ଲଗଇନ*",
};
