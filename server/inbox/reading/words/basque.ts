import type { LanguageWords } from "./language-words.ts";

export const basque: LanguageWords = {
  nouns: "kodea|kode*|kodea*|pasahitz*",
  purposes: "egiazta*|baiezta*|berrezta*|saioa|segurtasun*|erabilera bakar*|berrezar*",
  handling: "sartu|behean|erabili",
  entering: "sartu|erabili",
  warnings: "ez partekatu",
  otherNumbers: "eskaera*|faktura*|bezero*|kontu*|txartel*|zenbateko*",
  units: "minutu*",
};
