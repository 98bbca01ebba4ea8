import type { LanguageWords } from "./language-words.ts";

export const sinhala: LanguageWords = {
  nouns: "කේතය*|කේත*|මුරපදය*|අංකය",
  purposes: "වෙරිෆ*|සත්‍යාපන*|තහවුරු*|පිවිසුම්*|ආරක්ෂක*|එක් වරක්*",
  otherNumbers: "ඇණවුම*|ගිණුම*|අමතන්න",
  units: "මිනිත්තු|නාට්",
};
