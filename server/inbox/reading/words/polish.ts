import type { LanguageWords } from "./language-words.ts";

export const polish: LanguageWords = {
  nouns: "kod|kodu|kodem|kody|hasło|hasła|hasłem|haslo|hasla|pin",
  names: "jednorazow* kod",
  purposes: `
    weryfikac*|potwierdz*|logowani*|zalogow*|jednoraz*|autoryzac*|bezpiecze*|uwierzyteln*|aktywac*|
    dostęp*|dostep*|rejestr*|zresetow*|resetow*|zweryfikow*|odzyskiw*|zmiany hasła`,
  handling: "ważny|wpisz|użyj|wprowadź|podaj|poniżej|zignoruj",
  entering: "wpisz|użyj|wprowadź|podaj",
  warnings: "nie udostępniaj|nie podawaj|nikomu",
  otherCodes: "kod rabatow*|kod promocyjn*|kodem rabatow*|kod pocztow*|kod kresk*",
  discounts: "rabat|rabatu|taniej",
  otherNumbers: `
    zamówieni*|zamowieni*|faktur*|klient*|kont*|kart*|przesyłk*|paczk*|kwot*|saldo|tel|telefon*|
    zadzwoń|nip|regon|krs|rezerwac*|zgłoszeni*`,
  numbering: "numer|numeru",
  linking: "jest",
  units: "minut|minuty|minutę|godzin*|dni|minutami",
  money: "zł|zl|zlotych|złotych",
  months:
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia",
  footers: "wypisz|ul.|ulica",
  machineTalk: "zignoruj poprzednie|poprzednie instrukcje",
  signInLinks: "kliknij",
  awayLinks: "wypisz|pomoc",
};
