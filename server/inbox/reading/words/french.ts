import type { LanguageWords } from "./language-words.ts";

export const french: LanguageWords = {
  nouns: "code|mot de passe|codes",
  purposes: `
    vérific*|confirm*|authentifi*|accès|connexion|connecter|connecte*|se connecter|sécurité|
    usage unique|unique|temporaire|activation|réinitialis*|inscription|validation|valider|saisir`,
  handling: "valid*|entrez|saisissez|saisir|utilisez|ci-dessous|expirera",
  entering: "entrez|saisissez|utilisez|tapez",
  warnings: "ne partagez|ne communiquez|ne jamais|ne donnez|ne transmettez|ne divulguez",
  otherCodes: `
    code promo*|code de réduction|code postal|code avantage|code barre*|code de suivi|code client|
    code parrain*`,
  discounts: "réduction|remise|de réduction",
  otherNumbers: `
    facture*|commande*|client*|compte*|carte|colis|montant|solde|téléphone|appelez|appeler|siret|siren|
    rcs|tva|réservation|référence|dossier|terminant par|se terminant|vol|n° de suivi|suivi`,
  numbering: "n°|numéro",
  linking: "est",
  units: "secondes|minutes|heures|heure|jours|jour|points",
  months: "janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre",
  footers: "rue|désabonner|se désinscrire|mentions légales",
  machineTalk: "ignorez les instructions|ignore les instructions|instructions précédentes",
  signInLinks: "cliquez",
  awayLinks: "désabonner|désinscrire|confidentialité|aide",
};
