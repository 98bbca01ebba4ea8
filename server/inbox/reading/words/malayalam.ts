import type { LanguageWords } from "./language-words.ts";

export const malayalam: LanguageWords = {
  nouns: "കോഡ്*|കോഡ*|പാസ്‌വേഡ്*|പാസ്വേഡ്*",
  names: "ഒടിപി*|ഒ.ടി.പി*",
  purposes: "സ്ഥിരീകരണ*|പരിശോധന*|ലോഗിൻ*|സുരക്ഷാ*|ഒറ്റത്തവണ*",
  handling: "സാധുവ*|നൽകുക|ഉപയോഗി*",
  entering: "നൽകുക",
  warnings: "പങ്കിട*",
  otherNumbers: "ഓർഡർ*|അക്കൗണ്ട്*|വിളിക്ക*",
  units: "മിനിറ്റ*|മിനിട്ട*",
};
