import type { LanguageWords } from "./language-words.ts";

export const urdu: LanguageWords = {
  nouns: "کوڈ|پاس ورڈ|پن|پاسورڈ",
  names: "او ٹی پی",
  purposes: "تصدیق*|توثیق*|لاگ ان|سائن ان|سیکیورٹی|ایک بار",
  handling: "درج|درج کریں|استعمال",
  entering: "درج کریں|استعمال کریں",
  warnings: "شیئر نہ|کسی کو نہ",
  otherCodes: "پرومو",
  otherNumbers: "آرڈر|اکاؤنٹ|بیلنس|رقم|کال|فون|بل",
  numbering: "نمبر",
  units: "منٹ|گھنٹے",
};
