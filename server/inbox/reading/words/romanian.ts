import type { LanguageWords } from "./language-words.ts";

export const romanian: LanguageWords = {
  nouns: "cod|codul|codului|codul*|parola|parolă|parolei",
  purposes: "verific*|conectare|securitate|unic|activare|resetare|înregistrar*|autentificare",
  handling: "valabil*|expiră|introdu*|folosi*|mai jos",
  entering: "introduceți|introdu|folosiți|folosește",
  warnings: "nu comunica*|nu divulga*|nu împărtăși*",
  otherCodes: "cod promoțional|cod de reducere|cod poștal",
  discounts: "reducere",
  otherNumbers: `
    comenz*|comandă|cont|card|cardul|colet*|valoare|sumă|suma|sold|telefon|sunați|apelați|rezervare|
    referință`,
  numbering: "numărul|număr",
  units: "minuta|secunde|ore|ora|zile",
  money: "lei",
  months: "ianuarie|februarie|martie|aprilie|iunie|iulie|septembrie|octombrie|noiembrie|decembrie",
  signInLinks: "apăsați",
};
