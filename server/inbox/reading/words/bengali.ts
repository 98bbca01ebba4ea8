import type { LanguageWords } from "./language-words.ts";

export const bengali: LanguageWords = {
  nouns: "কোড*|পাসওয়ার্ড*|পিন|সংকেত",
  names: "ওটিপি*",
  purposes: "যাচাই*|যাচাইকরণ*|লগইন*|লগ ইন|নিরাপত্তা*|ভেরিফিকেশন*|একবার*|নিশ্চিত*|ওয়ান টাইম",
  handling: "প্রবেশ|ব্যবহার|মেয়াদ|বৈধ",
  entering: "ব্যবহার করুন|লিখুন",
  warnings: "কাউকে|শেয়ার করবেন না",
  otherCodes: "প্রোমো কোড",
  discounts: "ছাড়",
  otherNumbers: "অর্ডার*|অ্যাকাউন্ট*|কার্ড*|ব্যালেন্স*|কল|টাকা|ফোন|ট্র্যাকিং",
  numbering: "নম্বর",
  units: "মিনিট*|ঘণ্টা",
  money: "টাকা",
};
