import type { LanguageWords } from "./language-words.ts";

export const malay: LanguageWords = {
  nouns: "kod|kata laluan|katalaluan|kod anda",
  purposes: "pengesahan|keselamatan|sekali guna|log masuk",
  handling: "sah",
  warnings: "jangan kongsi*",
  otherCodes: "kod promosi|kod diskaun|poskod",
  discounts: "diskaun",
  otherNumbers: "invois|akaun|baki|amaun|kad|tempahan|panggilan|bil",
  numbering: "nombor",
  linking: "ialah",
  units: "minit|saat",
  money: "rm",
};
