import type { LanguageWords } from "./language-words.ts";

export const german: LanguageWords = {
  nouns: "tan|code|kennwort|passwort|kenncode|ziffernfolge|schlüssel|nummer|codes|coden",
  compounds: "*code|*kennwort|*passwort",
  names: `
    mtan|smstan|sms-tan|sms tan|tan-code|tan-nummer|phototan|mobiletan|mobile tan|mobile-tan|itan|
    pushtan|einmalpasswort|einmalkennwort|einmalcode|einmal-code`,
  purposes: `
    bestätig*|verifizier*|anmeld*|login|log-in|sicherheit*|einmal*|zugang*|zugriff*|authentifizier*|
    freigabe*|registrier*|aktivier*|zurücksetz*|prüf*|legitimation*|identität*|autorisier*|einlogg*|
    zwei-faktor*|transaktion*`,
  handling: "gültig|läuft ab|eingeben|gib|geben sie|verwende*|folgende*|unten|ignorieren|angefordert",
  entering: "geben sie|gib|eingeben|verwende*|nutze*|mit",
  warnings: "teilen sie|niemals weiter|niemandem|nicht weiter*|nie nach",
  otherCodes: `
    gutscheincode*|rabattcode*|aktionscode*|gutschein-code|postleitzahl|fehlercode*|strichcode|
    nummer unseres|kundennummer|bestellnummer|rechnungsnummer|auftragsnummer|sendungsnummer|
    kontonummer|telefonnummer|vorgangsnummer|ticketnummer|mitgliedsnummer|hausnummer|personalnummer|
    fallnummer|referenznummer|buchungsnummer|zimmernummer|wartenummer|losnummer|kadernummer`,
  discounts: "rabatt",
  otherNumbers: `
    bestellung|bestell*|rechnung|rechnungs*|kunde*|kundennr*|konto|karte|kartenende|sendung*|paket|
    auftrag*|vorgang*|ticket|tel|telefon|telefon*|rufnummer|mobil|hotline|betrag|summe|saldo|referenz|
    ref|vergleichswert|steuer*|hrb|ust-id*|amtsgericht|zimmer|flug|buchung*|endend auf|endziffern|
    postfach|plz|mitglied*|vertrag*|fax`,
  numbering: "nr|nr.|nummer",
  linking: "ist|lautet|lauten|beträgt",
  units: "sekunden|minuten|minute*|minuten*|stunde*|tag|tage*|woche*|kilometer*|punkte|punkt|schritte",
  months: "januar|februar|märz|mai|juni|juli|oktober|dezember",
  footers: "gmbh|impressum|datenschutz|abmelden|amtsgericht|handelsregister|straße|strasse|str.",
  machineTalk: `
    ignoriere alle|ignoriere die vorherigen|ignorieren sie alle|vorherige anweisungen|
    vorherigen anweisungen`,
  signInLinks: "link zum|auf den link|klicken sie",
  awayLinks: "abmelden|datenschutz|hilfe|impressum",
};
