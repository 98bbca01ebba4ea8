import type { LanguageWords } from "./language-words.ts";

export const italian: LanguageWords = {
  nouns: "codice|codici|password|pin|parola chiave",
  purposes: `
    verifica*|conferma*|autentic*|autorizza*|accesso|sicurezza|unico|unica|monouso|provvisorio|
    temporaneo|dinamic*|attivazione|reimpost*|registrazione`,
  handling: "valido|valida|scade|inserisci|inserire|usa|utilizza|digita|di seguito",
  entering: "inserisci|inserire|usa|utilizza|digita",
  warnings: "non condivid*|non comunica*|non rivela*",
  otherCodes: `
    codice sconto|codice promozionale|codice fiscale|codice postale|codice coupon|
    codice di prenotazione`,
  discounts: "sconto|di sconto",
  otherNumbers: `
    fattura|fatture|ordine|ordini|conto|carta|pacco|spedizione|importo|totale|telefono|chiami|chiama|
    chiamare|iva|p.iva|partita iva|prenotazione|riferimento|che termina|volo`,
  numbering: "n.|n|numero|numeri",
  linking: "è",
  units: "secondi|minuti|giorni|giorno|punti",
  months: "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
  footers: "s.r.l.|s.p.a.|via|disiscriviti|annulla iscrizione|p.iva",
  machineTalk: "ignora le istruzioni|istruzioni precedenti",
  signInLinks: "fai clic|clicca",
  awayLinks: "disiscriviti|aiuto",
};
