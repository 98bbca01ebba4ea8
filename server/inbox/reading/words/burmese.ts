import type { LanguageWords } from "./language-words.ts";

export const burmese: LanguageWords = {
  nouns: "ကုဒ်|ကုတ်|ကုဒ်နံပါတ်|ကုတ်နံပါတ်|စကားဝှက်|နံပါတ်က",
  purposes: "အတည်ပြု|သက်သေ|လုံခြုံ|ဝင်ရောက်",
  handling: "အသုံးပြု|ထည့်",
  otherNumbers: "အော်ဒါ|ဖုန်း|စာရင်း",
  units: "မိနစ်",
};
