import type { LanguageWords } from "./language-words.ts";

export const lao: LanguageWords = {
  nouns: "ລະຫັດ",
  purposes: "ເຂົ້າສູ່ລະບົບ|ຢືນຢັນ|ຄວາມປອດໄພ",
  handling: "ໃຊ້",
  entering: "ໃຊ້",
  otherNumbers: "ເບີໂທ|ທຽບ",
  units: "ນາທີ",
};
