import type { LanguageWords } from "./language-words.ts";

export const swedish: LanguageWords = {
  nouns: "kod|koden|lösenord|engångslösenord",
  compounds: "*kod|*koden|*lösenord",
  names: "engångskod*",
  purposes: `
    bekräft*|verifier*|inloggning*|logga in|säkerhet*|engång*|åtkomst*|nollställ*|autentiser*|aktiver*|
    registrer*|återställ*`,
  handling: "giltig|ange|använd|gäller|nedan",
  entering: "ange|använd|skriv|skriv in",
  warnings: "dela inte|dela aldrig|lämna aldrig",
  otherCodes: "rabattkod*|kampanjkod*|postnummer",
  otherNumbers: `
    order*|beställning*|faktura*|kund|kundnummer|konto*|kort|kortet|paket*|belopp*|saldo|tel|telefon*|
    ring|ärende*|bokning*|org.nr|organisationsnummer|referens*|ocr`,
  linking: "är",
  units: "sekunder|minuter|timmar|dagar|poäng|steg",
  money: "kronor|kr",
  months: "mars|maj",
  footers: "ab|avregistrera|avsluta prenumeration",
  signInLinks: "klicka",
  awayLinks: "avregistrera",
};
