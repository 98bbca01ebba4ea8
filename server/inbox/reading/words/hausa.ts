import type { LanguageWords } from "./language-words.ts";

export const hausa: LanguageWords = {
  nouns: "lambar sirri|lambar|kalmar sirri|lambobin",
  purposes: "tabbatar*|shiga|tsaro",
  otherCodes: "lambar waya|lambar asusu",
  otherNumbers: "asusu|kira|kudi",
  numbering: "lambar",
  units: "mintuna",
};
