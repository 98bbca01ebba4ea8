import type { LanguageWords } from "./language-words.ts";

export const swahili: LanguageWords = {
  nouns: "msimbo|nambari yako|namba yako|namba ya siri|nambari ya siri|nenosiri|neno la siri|nywila|kodi ya",
  purposes: "uthibitisho|kuthibitisha|thibitisha|kuingia|usalama|mara moja|uhakiki",
  handling: "ingiza|tumia|itaisha",
  entering: "ingiza|tumia|weka",
  warnings: "usimshirikishe|usishiriki|usimpe",
  otherNumbers: "agizo|akaunti|salio|kiasi|piga|simu|kadi",
  numbering: "namba|nambari",
  linking: "ni",
  units: "dakika|masaa|saa|siku",
};
