import type { LanguageWords } from "./language-words.ts";

export const serbian: LanguageWords = {
  nouns: "код|кода|кодом|лозинка|лозинку|лозинке|шифра|шифру|лозинком",
  names: "једнократна*",
  purposes: "proveru|provere|resetov*|bezbednos*|потврд*|безбед*|пријав*|пријављ*|ресет*|ресетов*|аутентик*",
  handling: "važi|важи|унеси*|испод",
  entering: "унеси*|користи*",
  warnings: "nemojte deliti|никоме|немојте",
  otherNumbers: "porudžbin*|pib|pozovite|наруџбин*|поруџбин*|рачун*|картиц*|пошиљк*|износ|пиб",
  numbering: "број",
  units: "сати|дана",
};
